import type { StyleSpecification } from "maplibre-gl";
import type { MapConfig } from "../map-config.ts";
import type { Scheme } from "./colors.ts";
import { localStyle } from "./local-style.ts";

/** A style that does not answer by then must not keep the vans off the screen. */
const styleTimeoutMs = 4_000;

export type ChosenStyle = {
  readonly style: StyleSpecification | string;
  readonly isLocal: boolean;
};

/** The style that the server names, if it answers in time, else the own one. */
export async function chooseStyle(
  config: MapConfig,
  scheme: Scheme,
  origin: string,
  send: typeof fetch,
  signal: AbortSignal,
): Promise<ChosenStyle> {
  const local = async (): Promise<ChosenStyle> => ({
    style: await localStyle(scheme, config, origin),
    isLocal: true,
  });
  if (config.styleUrl === "local") return local();
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(styleTimeoutMs)]);
    const response = await send(config.styleUrl, { signal: timeout });
    const style: unknown = response.ok ? await response.json() : null;
    if (typeof style !== "object" || style === null || !("layers" in style)) return local();
    return { style: config.styleUrl, isLocal: false };
  } catch {
    signal.throwIfAborted();
    return local();
  }
}
