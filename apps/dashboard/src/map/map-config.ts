export type Bounds = [west: number, south: number, east: number, north: number];

export type MapConfig = {
  /** A style's address, or `local` for the own one. */
  readonly styleUrl: string;
  /** Whether this server has deep tiles of a city. */
  readonly hasCity: boolean;
  readonly bounds: Bounds;
  readonly center: { readonly lon: number; readonly lat: number; readonly zoom: number };
  readonly attribution: string;
};

const theWorld: MapConfig = {
  styleUrl: "local",
  hasCity: false,
  bounds: [-170, -55, 170, 72],
  center: { lon: 0, lat: 30, zoom: 1.5 },
  attribution: "",
};

/** How this server wants its map; the bare world when it cannot be asked. */
export async function loadMapConfig(send: typeof fetch, signal: AbortSignal): Promise<MapConfig> {
  try {
    const response = await send("/map/config.json", { signal });
    return response.ok ? readMapConfig(await response.json()) : theWorld;
  } catch {
    signal.throwIfAborted();
    return theWorld;
  }
}

/** What is missing or odd is taken from the bare world. */
export function readMapConfig(value: unknown): MapConfig {
  const given: Partial<Record<keyof MapConfig, unknown>> = typeof value === "object" && value !== null ? value : {};
  return {
    styleUrl: typeof given.styleUrl === "string" && given.styleUrl !== "" ? given.styleUrl : theWorld.styleUrl,
    hasCity: given.hasCity === true,
    bounds: readBounds(given.bounds) ?? theWorld.bounds,
    center: readCenter(given.center) ?? theWorld.center,
    attribution: typeof given.attribution === "string" ? given.attribution : "",
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function readBounds(value: unknown): Bounds | null {
  if (!Array.isArray(value)) return null;
  const [west, south, east, north]: unknown[] = value;
  return isNumber(west) && isNumber(south) && isNumber(east) && isNumber(north) ? [west, south, east, north] : null;
}

function readCenter(value: unknown): MapConfig["center"] | null {
  if (Array.isArray(value)) {
    const [lon, lat, zoom]: unknown[] = value;
    return isNumber(lon) && isNumber(lat) ? { lon, lat, zoom: isNumber(zoom) ? zoom : 11 } : null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { lon, lat, zoom }: { lon?: unknown; lat?: unknown; zoom?: unknown } = value;
  return isNumber(lon) && isNumber(lat) ? { lon, lat, zoom: isNumber(zoom) ? zoom : 11 } : null;
}
