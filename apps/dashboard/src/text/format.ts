import type { SpeedUnit } from "@dsp-fleet/contract";

const metersPerMile = 1609.344;

/** Metres a second → whole mph or km/h. */
export function speedValue(metersPerSecond: number, unit: SpeedUnit): number {
  return Math.round((metersPerSecond * 3600) / (unit === "mph" ? metersPerMile : 1000));
}

const compassNames = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;
export type CompassName = (typeof compassNames)[number];

/** Degrees clockwise from north → one of eight names. */
export function compassName(degrees: number): CompassName {
  return compassNames[Math.round((((degrees % 360) + 360) % 360) / 45) % 8] ?? "N";
}

/** `41.38512, 2.17340`: five decimals are about a metre. */
export const coordinatesText = (lat: number, lon: number): string => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

export type Times = {
  /** `14:02`, with the day when it is not the account's today. */
  readonly clock: (at: number, now: number) => string;
  /** `14:02:31`, with the day when it is not the account's today. */
  readonly exact: (at: number, now: number) => string;
  /** `2 Mar 2026`. */
  readonly day: (at: number) => string;
};

/** Times of the account's zone, whatever the computer's own is. */
export function createTimes(locale: string, timeZone: string): Times {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const day = format({ day: "numeric", month: "short", year: "numeric" });
  const minutes = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const dayMinutes = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const isToday = (at: number, now: number): boolean => day.format(at) === day.format(now);
  return {
    clock: (at, now) => (isToday(at, now) ? minutes : dayMinutes).format(at),
    exact: (at, now) => (isToday(at, now) ? seconds : dayMinutes).format(at),
    day: (at) => day.format(at),
  };
}
