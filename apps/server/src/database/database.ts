// What every store keeps to, so that SQLite and PostgreSQL can stand behind the same repositories:
// - the kysely builder only: `returning`, `onConflict`, joins, no function or pragma of one database;
// - a truth value is a Flag, 0 or 1, in both; repositories map it to boolean. A boolean parameter is a TypeError;
// - a time is an integer, ms since 1970 UTC (bigint in PostgreSQL, read as number);
// - after a failed statement a transaction can only be rolled back: no savepoints, no carrying on;
// - long results are read in pages by key, not streamed;
// - inside `transaction` use only `tx`: `queries` would wait for the transaction itself, until DatabaseBusyError.
import type { Kysely, Transaction } from "kysely";
import type { SampleSource, Tables } from "./schema.ts";

/** A fix of a device. Times in ms since 1970 UTC: `atMs` of the fix, `receivedMs` of its arrival. */
export type SampleRow = {
  readonly deviceId: number;
  readonly accountId: number;
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyMeters: number | null;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  readonly altitudeMeters: number | null;
  readonly batteryPercent: number | null;
  readonly receivedMs: number;
  readonly source: SampleSource;
};

/** What became known of a device; null: nothing new. The position counts only when `lastLocationMs` is not older than the
 *  stored one, version and language only when `appInfoMs` is not; the battery when either counts or neither time is given. */
export type DeviceStateRow = {
  readonly deviceId: number;
  readonly lastLat: number | null;
  readonly lastLon: number | null;
  readonly lastLocationMs: number | null;
  readonly batteryPercent: number | null;
  readonly appVersion: string | null;
  readonly appLanguage: string | null;
  readonly appInfoMs: number | null;
};

export type LocationBatch = { readonly samples: readonly SampleRow[]; readonly devices: readonly DeviceStateRow[] };

/** `fresh[i]` belongs to `samples[i]`: false where (device, time) was known, or the device is not of that account. Of a live fix it
 *  says nothing: that may be settled later. A sample of the same moment takes its place and is fresh, never the other way round. */
export type LocationsWritten = { readonly fresh: boolean[] };

/** Queries, and transactions in which others are not seen until they end. */
export type Door = {
  /** Ordinary queries; a single writing statement is durable when it resolves. */
  readonly queries: Kysely<Tables>;
  /** All or nothing, as if one at a time; on disk (fsync) before it resolves. Do not wait for a network inside.
   *  `work` may run again after a conflict with another transaction, so it changes nothing but through `tx`. */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
};

/** Its own `queries` and `transaction` see every account: for what belongs to none yet, and for work across accounts. */
export type Database = AsyncDisposable &
  Door & {
    /** The same for one account. Filter by the account all the same: SQLite has no second wall. PostgreSQL has (row-level
     *  security): rows of other accounts are not there, and cannot be written. */
    forAccount(accountId: number): Door;
    /** Durable when it resolves. Calls that wait meanwhile share one commit and are answered one by one. */
    writeLocations(batch: LocationBatch): Promise<LocationsWritten>;
    /** For the retention job, before it deletes by row: drops whole months of location_samples that ended before `ms`, of every
     *  account, at once; so `ms` is what the account that keeps the longest lets go. Returns the months dropped (their first
     *  ms). SQLite keeps no months: there everything is deleted by row, and this does nothing. */
    dropMonthsBefore(ms: number): Promise<number[]>;
    /** "unavailable" after a failed write (full disk) until one works again, while a server is away, after a crash of the
     *  worker, and once closed. */
    readonly state: "ready" | "unavailable";
    /** Moves everything into the database file, so that a copy of that one file is whole. Nothing to do on a server. */
    checkpoint(): Promise<void>;
    /** Waits for what runs, then closes; later calls get DatabaseUnavailableError. */
    close(): Promise<void>;
  };

/** What the database tells an operator; pino's logger fits. */
export type DatabaseLogger = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};
