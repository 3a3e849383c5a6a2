import type { AuthResponse, Device } from "@dsp-fleet/contract";
import type { OpenConnection } from "@dsp-fleet/fleet-client";

type Wish = {
  readonly vans: number;
  /** `live`, `loading` (no answer), `down` (the line breaks after 2 s), `failing` (the list cannot be loaded). */
  readonly scene: string;
  readonly spreadMeters: number;
};

const center = { lat: 41.3925, lon: 2.1665 };
const meter = 1 / 111_195;
const minutes = 60_000;
const driveEveryMs = 5_000;

export const anAuthResponse = (): AuthResponse => ({
  accessToken: "a.b.c",
  accessTokenExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  refreshToken: "refresh",
  refreshTokenExpiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  tokenType: "Bearer",
  user: { id: 1, email: "ana@northline.example", displayName: "Ana Ortiz", role: "owner" },
  account: {
    id: 1,
    name: "Northline Deliveries",
    country: "ES",
    timezone: "Europe/Madrid",
    speedUnit: "kmh",
    periodicAirplaneModeOff: false,
    devicesSeePeers: true,
    retentionDays: 90,
  },
});

type Van = { device: Device; angle: number; speed: number; nextAt: number };

/** Always the same numbers, so that pictures can be compared. */
const seeded = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
};

/** A made-up fleet that lives in the page: most drive along the Eixample's streets, some rest, a few are in trouble. */
export function createFakeFleet({ vans: count, scene, spreadMeters }: Wish): {
  readonly fetch: typeof fetch;
  readonly openConnection: OpenConnection;
} {
  const random = seeded(7);
  const vans = Array.from({ length: count }, (_, index) => makeVan(index + 1, random, spreadMeters));
  let nextId = count + 1;
  let tell: (event: string, args: unknown[]) => void = () => {};

  setInterval(() => {
    const now = Date.now();
    for (const van of vans) {
      if (!van.device.isConnected || van.nextAt > now) continue;
      van.nextAt = now + driveEveryMs * (0.9 + 0.2 * random());
      drive(van, random, now);
      tell("DeviceUpdated", updateOf(van.device));
    }
  }, 50);

  return {
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input, location.href);
      if (!url.pathname.startsWith("/api/")) return fetch(input, init);
      await new Promise((resolve) => setTimeout(resolve, 250));
      const body = typeof init?.body === "string" ? (JSON.parse(init.body) as Record<string, string>) : {};
      const key = `${init?.method ?? "GET"} ${url.pathname.replace(/\/\d+$/, "/id")}`;
      const id = Number(url.pathname.split("/").at(-1));
      const van = vans.find(({ device }) => device.id === id);
      switch (key) {
        case "POST /api/auth/login":
          return body["password"] === "wrong" ? problem(401, "invalid-credentials") : Response.json(anAuthResponse());
        case "POST /api/auth/register":
          return body["email"] === "taken@example.com"
            ? problem(409, "email-in-use")
            : Response.json(anAuthResponse(), { status: 201 });
        case "GET /api/fleet/live":
          if (scene === "loading") return new Promise(() => {});
          if (scene === "failing") return problem(500, "internal");
          return Response.json({ rev: 1, devices: vans.map(({ device }) => device) });
        case "POST /api/devices/by-code": {
          if (body["code"] === "AAAAAA") return problem(404, "code-unknown");
          if (body["code"] === "BBBBBB") return problem(429, "rate-limited", { "retry-after": "42" });
          if (body["identifier"] === "taken") return problem(409, "identifier-taken");
          const bound = makeVan(nextId++, random, spreadMeters);
          bound.device = { ...bound.device, name: body["name"] ?? "", identifier: body["identifier"] ?? null };
          vans.push(bound);
          return Response.json(bound.device, { status: 201 });
        }
        case "GET /api/devices/id":
          return van === undefined ? problem(404, "not-found") : Response.json(van.device);
        case "PATCH /api/devices/id": {
          if (van === undefined) return problem(404, "not-found");
          if (body["name"] === "Clash" && van.device.version === 1) {
            van.device = { ...van.device, name: "Van of Marc", version: 2 };
            return problem(412, "version-mismatch");
          }
          van.device = { ...van.device, ...body, version: van.device.version + 1 };
          return Response.json(van.device);
        }
        case "DELETE /api/devices/id":
          vans.splice(vans.findIndex(({ device }) => device.id === id) >>> 0, 1);
          return new Response(null, { status: 204 });
        default:
          return new Response(null, { status: 204 });
      }
    },
    openConnection: () => {
      const handlers = new Map<string, (args: readonly unknown[]) => void>();
      let close: (problem: string) => void = () => {};
      return {
        async start() {
          if (scene === "down" && performance.now() > 4000) throw new Error("no network");
          await new Promise((resolve) => setTimeout(resolve, 150));
          tell = (event, args) => handlers.get(event)?.(args);
          if (scene === "down")
            setTimeout(() => {
              tell = () => {};
              close("the network went away");
            }, 3500);
        },
        stop: async () => {},
        invoke: async () => null,
        on: (event, handler) => void handlers.set(event, handler),
        onClose: (handler) => {
          close = handler;
        },
      };
    },
  };
}

function makeVan(id: number, random: () => number, spread: number): Van {
  const now = Date.now();
  const place = (): number => (random() + random() - 1) * spread * meter;
  const luck = id <= 12 ? id / 13 : random();
  const trouble = id === 3 ? "dark" : id === 7 ? "stale" : id === 9 ? "low" : luck > 0.97 && id > 12 ? "dark" : "none";
  const seenMs = trouble === "dark" ? 12 * minutes : trouble === "stale" ? 6 * minutes : random() * 5000;
  const isStill = trouble === "none" && id % 4 === 0;
  return {
    angle: 45 + 90 * Math.floor(random() * 4),
    speed: trouble === "stale" || isStill ? 0 : 6 + random() * 8,
    nextAt: now + random() * driveEveryMs,
    device: {
      id,
      name: `Van ${String(id).padStart(2, "0")}`,
      identifier: id % 3 === 0 ? null : `${4000 + id * 7} KLM`,
      isConnected: trouble !== "dark",
      lastLat: center.lat + place(),
      lastLon: center.lon + place() * 1.33,
      lastLocationAt: new Date(now - seenMs).toISOString(),
      batteryLevelPercent: trouble === "dark" ? 4 : trouble === "low" ? 11 : Math.round(35 + random() * 65),
      appVersion: "0.1.0",
      appLanguage: "es",
      appInfoAt: new Date(now - seenMs).toISOString(),
      syncState: "idle",
      platform: "Android 15",
      model: "Galaxy XCover 7",
      boundAt: new Date(now - 40 * 86_400_000).toISOString(),
      version: 1,
    },
  };
}

/** Straight on, and at some crossings round a corner; a stale one keeps its old fix. */
function drive(van: Van, random: () => number, now: number): void {
  const { device } = van;
  if (van.speed === 0 && now - Date.parse(device.lastLocationAt ?? "") > 2 * minutes) return;
  if (random() < 0.12) van.angle += random() < 0.5 ? 90 : -90;
  const meters = van.speed * 5;
  const radians = (van.angle * Math.PI) / 180;
  van.device = {
    ...device,
    lastLat: (device.lastLat ?? 0) + Math.cos(radians) * meters * meter,
    lastLon: (device.lastLon ?? 0) + (Math.sin(radians) * meters * meter) / Math.cos((center.lat * Math.PI) / 180),
    lastLocationAt: new Date(now).toISOString(),
    appInfoAt: new Date(now).toISOString(),
  };
}

const updateOf = (device: Device): unknown[] => [
  device.id,
  device.isConnected,
  device.lastLat,
  device.lastLon,
  device.lastLocationAt,
  device.batteryLevelPercent,
  device.appVersion,
  device.appLanguage,
  device.appInfoAt,
  device.syncState,
];

const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ type: "about:blank", title: code, status, detail: code, code, traceId: "7f3a" }, { status, headers });
