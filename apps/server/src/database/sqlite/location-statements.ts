import type { DatabaseSync, StatementSync } from "node:sqlite";
import { byDeviceAndTime, type LocationColumns, sampleWidth, stateWidth } from "../location-columns.ts";
import { sampleSourceCodes } from "../schema.ts";
import { liveLog } from "./live-log.ts";

const sourceColumn = 11;

/** A live fix (source 0) gives way to a sample (1) of the same moment; otherwise the first of a moment stays. The words after
 *  `insert` say what becomes of a row that breaks another rule. */
const insertSample = (rule: "" | "or ignore") => `
  insert ${rule} into location_samples (device_id, at_ms, account_id, lat, lon, accuracy_meters, speed_mps, heading_degrees,
    altitude_meters, battery_percent, received_ms, source)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (device_id, at_ms) do update set lat = excluded.lat, lon = excluded.lon,
    accuracy_meters = excluded.accuracy_meters, speed_mps = excluded.speed_mps, heading_degrees = excluded.heading_degrees,
    altitude_meters = excluded.altitude_meters, battery_percent = excluded.battery_percent, received_ms = excluded.received_ms,
    source = excluded.source
  where source = 0 and excluded.source = 1`;

/** ?1 id, ?2 lat, ?3 lon, ?4 time of fix, ?5 battery, ?6 time of info, ?7 version, ?8 language. A comparison with null counts as no. */
const positionCounts = "(?4 is not null and (last_location_ms is null or last_location_ms <= ?4))";
const infoCounts = "(?6 is not null and (app_info_ms is null or app_info_ms <= ?6))";
const updateDevice = `
  update devices set
    last_lat = iif(${positionCounts}, ?2, last_lat),
    last_lon = iif(${positionCounts}, ?3, last_lon),
    last_location_ms = iif(${positionCounts}, ?4, last_location_ms),
    battery_percent = iif(${positionCounts} or ${infoCounts} or (?4 is null and ?6 is null), coalesce(?5, battery_percent), battery_percent),
    app_version = iif(${infoCounts}, coalesce(?7, app_version), app_version),
    app_language = iif(${infoCounts}, coalesce(?8, app_language), app_language),
    app_info_ms = iif(${infoCounts}, ?6, app_info_ms)
  where id = ?1`;

/** Writes location columns inside the caller's transaction. Prepared once, when the tables are there. */
export function locationStatements(db: DatabaseSync) {
  const insert = db.prepare(insertSample(""));
  // What waited in the log was acknowledged long ago: a row that cannot be kept must not hold the others up.
  const insertLogged = db.prepare(insertSample("or ignore"));
  const accountOf = db.prepare("select account_id from devices where id = ?");
  const update = db.prepare(updateDevice);

  /** Inserts these rows in this order; `inserted` hears of each that was not there yet. */
  function insertRows(
    statement: StatementSync,
    samples: Float64Array,
    order: Uint32Array,
    inserted?: (row: number) => void,
  ): void {
    let device = Number.NaN;
    let account: unknown;
    for (const row of order) {
      const from = row * sampleWidth;
      const number = (column: number): number => samples[from + column] ?? Number.NaN;
      const orNull = (column: number): number | null => {
        const value = number(column);
        return Number.isNaN(value) ? null : value;
      };
      if (number(0) !== device) {
        device = number(0);
        account = accountOf.get(device)?.["account_id"];
      }
      if (account !== number(2)) continue;
      const { changes } = statement.run(
        device,
        number(1),
        number(2),
        orNull(3),
        orNull(4),
        orNull(5),
        orNull(6),
        orNull(7),
        orNull(8),
        orNull(9),
        number(10),
        number(sourceColumn),
      );
      if (changes === 1) inserted?.(row);
    }
  }

  const log = liveLog(db, (rows, order) => insertRows(insertLogged, rows, order));

  /** Live fixes go into the log and count as fresh; the others into the track. */
  function writeSamples(samples: Float64Array): Uint8Array<ArrayBuffer> {
    const fresh = new Uint8Array(samples.length / sampleWidth);
    const isLive = (row: number) => samples[row * sampleWidth + sourceColumn] === sampleSourceCodes.live;
    const live = Uint32Array.from(fresh.keys()).filter(isLive);
    if (live.length > 0) log.append(live.length === fresh.length ? samples : picked(samples, live));
    for (const row of live) fresh[row] = 1;
    if (live.length === fresh.length) return fresh;
    const others = byDeviceAndTime(samples).filter((row) => !isLive(row));
    insertRows(insert, samples, others, (row) => {
      fresh[row] = 1;
    });
    return fresh;
  }

  function writeStates(states: Float64Array, texts: LocationColumns["texts"]): void {
    for (let row = 0; row < states.length / stateWidth; row++) {
      const orNull = (column: number): number | null => {
        const value = states[row * stateWidth + column] ?? Number.NaN;
        return Number.isNaN(value) ? null : value;
      };
      const version = texts?.[row * 2] ?? null;
      const language = texts?.[row * 2 + 1] ?? null;
      update.run(orNull(0), orNull(1), orNull(2), orNull(3), orNull(4), orNull(5), version, language);
    }
  }

  return {
    log,
    write({ samples, states, texts }: LocationColumns): Uint8Array<ArrayBuffer> {
      const fresh = writeSamples(samples);
      writeStates(states, texts);
      return fresh;
    },
  };
}

function picked(samples: Float64Array, rows: Uint32Array): Float64Array {
  const into = new Float64Array(rows.length * sampleWidth);
  for (const [at, row] of rows.entries())
    into.set(samples.subarray(row * sampleWidth, (row + 1) * sampleWidth), at * sampleWidth);
  return into;
}
