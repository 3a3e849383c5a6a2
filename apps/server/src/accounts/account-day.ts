/** A day of an account, `fromMs` ≤ time < `toMs`. */
export type AccountDay = { readonly fromMs: number; readonly toMs: number };

/**
 * The day `date` (`2026-01-31`) in an IANA time zone. Days tile time: each begins where the one before ends. It may have 21 to 27 hours,
 * begin after midnight where the clocks skip it, and be empty where a country has changed sides of the date line.
 */
export function accountDay(timeZone: string, date: string): AccountDay {
  const day = Temporal.PlainDate.from(date);
  const start = (of: Temporal.PlainDate) => of.toZonedDateTime({ timeZone }).epochMilliseconds;
  return { fromMs: start(day), toMs: start(day.add({ days: 1 })) };
}

/** The date that it is in a time zone at a moment (ms since 1970, UTC). */
export function accountDateAt(timeZone: string, ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
