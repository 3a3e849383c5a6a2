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

/** Times of the account's zone, which is named where it is not the reader's own. */
export function createTimes(locale: string, timeZone: string, ownTimeZone: string): Times {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const zone = timeZone === ownTimeZone ? {} : ({ timeZoneName: "short" } as const);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const day = format({ day: "numeric", month: "short", year: "numeric" });
  const minutes = format({ ...time, ...zone });
  const seconds = format({ ...time, second: "2-digit", ...zone });
  const dayMinutes = format({ day: "numeric", month: "short", ...time, ...zone });
  const isToday = (at: number, now: number): boolean => day.format(at) === day.format(now);
  return {
    clock: (at, now) => (isToday(at, now) ? minutes : dayMinutes).format(at),
    exact: (at, now) => (isToday(at, now) ? seconds : dayMinutes).format(at),
    day: (at) => day.format(at),
  };
}

/** English as it is written in that country: the month first in the United States alone. */
export const englishOf = (country: string): string => (country === "US" ? "en-US" : "en-GB");
