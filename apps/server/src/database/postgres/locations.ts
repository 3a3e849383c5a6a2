import type { LocationBatch, SampleRow } from "../database.ts";
import { type LocationColumns, sampleWidth, stateWidth, toLocationColumns } from "../location-columns.ts";
import { sampleSourceCodes } from "../schema.ts";
import { TransactionConflict } from "./failures.ts";
import type { Lease, Leases, Scope } from "./lease.ts";
import type { Months } from "./months.ts";

const sampleColumns = `device_id, at_ms, account_id, lat, lon, accuracy_meters, speed_mps, heading_degrees, altitude_meters,
  battery_percent, received_ms, source`;

/** One array a column. A device that is gone, or of another account, keeps nothing. */
const insertInto = `
  insert into location_samples (${sampleColumns})
  select s.* from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::float8[], $5::float8[], $6::float8[], $7::float8[],
    $8::float8[], $9::float8[], $10::float8[], $11::bigint[], $12::bigint[]) as s (${sampleColumns})
  join devices d on d.id = s.device_id and d.account_id = s.account_id
  on conflict (device_id, at_ms)`;
const returning = "returning device_id, at_ms, account_id";

/** The first of a moment stays, but a live fix gives way to a sample. */
const insertLive = `${insertInto} do nothing ${returning}`;
const insertSamples = `${insertInto} do update set lat = excluded.lat, lon = excluded.lon,
    accuracy_meters = excluded.accuracy_meters, speed_mps = excluded.speed_mps, heading_degrees = excluded.heading_degrees,
    altitude_meters = excluded.altitude_meters, battery_percent = excluded.battery_percent, received_ms = excluded.received_ms,
    source = excluded.source
  where location_samples.source = ${sampleSourceCodes.live} ${returning}`;

/** A comparison with null counts as no. */
const positionCounts = "(s.fix_ms is not null and (d.last_location_ms is null or d.last_location_ms <= s.fix_ms))";
const infoCounts = "(s.info_ms is not null and (d.app_info_ms is null or d.app_info_ms <= s.info_ms))";
/** The same rules as in sqlite/location-statements.ts. */
const updateDevices = `
  update devices d set
    last_lat = case when ${positionCounts} then s.lat else d.last_lat end,
    last_lon = case when ${positionCounts} then s.lon else d.last_lon end,
    last_location_ms = case when ${positionCounts} then s.fix_ms else d.last_location_ms end,
    battery_percent = case when ${positionCounts} or ${infoCounts} or (s.fix_ms is null and s.info_ms is null)
      then coalesce(s.battery, d.battery_percent) else d.battery_percent end,
    app_version = case when ${infoCounts} then coalesce(s.version, d.app_version) else d.app_version end,
    app_language = case when ${infoCounts} then coalesce(s.language, d.app_language) else d.app_language end,
    app_info_ms = case when ${infoCounts} then s.info_ms else d.app_info_ms end
  from unnest($1::bigint[], $2::float8[], $3::float8[], $4::bigint[], $5::float8[], $6::bigint[], $7::text[], $8::text[])
    as s (id, lat, lon, fix_ms, battery, info_ms, version, language)
  where d.id = s.id`;

/** PostgreSQL's text of an array; NaN stands for null. */
const numbers = (values: readonly number[]): string =>
  `{${values.map((value) => (Number.isNaN(value) ? "NULL" : String(value))).join(",")}}`;

const texts = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? "NULL" : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`)).join(",")}}`;

const columnOf = (block: Float64Array, width: number, column: number, rows: readonly number[]): string =>
  numbers(rows.map((row) => block[row * width + column] ?? Number.NaN));

/** What tells one row of a batch from another. */
const keyOf = (deviceId: unknown, atMs: unknown, accountId: unknown): string =>
  `${Number(deviceId)} ${Number(atMs)} ${Number(accountId)}`;

type Rows = { readonly live: number[]; readonly samples: number[]; readonly keys: readonly string[] };

/** Row numbers of both sources, without those that one before them in the batch makes needless. */
function rowsToWrite(samples: Float64Array): Rows {
  const [live, sampled] = [new Map<string, number>(), new Map<string, number>()];
  const keys: string[] = [];
  for (let row = 0; row < samples.length / sampleWidth; row += 1) {
    const [device, atMs, account] = samples.subarray(row * sampleWidth, row * sampleWidth + 3);
    const key = keyOf(device, atMs, account);
    keys.push(key);
    if (sampled.has(key)) continue;
    const isLive = samples[row * sampleWidth + sampleWidth - 1] === sampleSourceCodes.live;
    if (!isLive) sampled.set(key, row);
    else if (!live.has(key)) live.set(key, row);
  }
  return { live: [...live.values()], samples: [...sampled.values()], keys };
}

/** Row numbers in rounds, no device twice in one: several states of a device apply one after the other. */
function rounds(states: Float64Array): number[][] {
  const seen = new Map<number, number>();
  const all: number[][] = [];
  for (let row = 0; row < states.length / stateWidth; row += 1) {
    const device = states[row * stateWidth] ?? 0;
    const round = seen.get(device) ?? 0;
    seen.set(device, round + 1);
    (all[round] ??= []).push(row);
  }
  return all;
}

async function writeSamples(lease: Lease, samples: Float64Array): Promise<Uint8Array> {
  const fresh = new Uint8Array(samples.length / sampleWidth);
  const { live, samples: sampled, keys } = rowsToWrite(samples);
  for (const [statement, rows] of [
    [insertLive, live],
    [insertSamples, sampled],
  ] as const) {
    if (rows.length === 0) continue;
    const columns = Array.from({ length: sampleWidth }, (_, column) => columnOf(samples, sampleWidth, column, rows));
    const kept = await lease.run(statement, columns);
    const known = new Set(kept.rows.map((row) => keyOf(row["device_id"], row["at_ms"], row["account_id"])));
    for (const row of rows) if (known.has(keys[row] ?? "")) fresh[row] = 1;
  }
  return fresh;
}

async function writeStates(lease: Lease, { states, texts: words }: LocationColumns): Promise<void> {
  for (const rows of rounds(states)) {
    const columns = Array.from({ length: stateWidth }, (_, column) => columnOf(states, stateWidth, column, rows));
    await lease.run(updateDevices, [
      ...columns,
      texts(rows.map((row) => words?.[row * 2] ?? null)),
      texts(rows.map((row) => words?.[row * 2 + 1] ?? null)),
    ]);
  }
}

function* timesOf(batches: readonly LocationBatch[]): Iterable<SampleRow["atMs"]> {
  for (const { samples } of batches) for (const { atMs } of samples) yield atMs;
}

/** Somebody else may hold the rows of two devices the other way round. */
const maxAttempts = 5;

/** Writes batches in one transaction, as a group writer wants it. */
export function createLocationWriter(leases: Leases, scope: Scope, months: Months) {
  async function write(columns: LocationColumns): Promise<Uint8Array> {
    const lease = await leases.take(scope);
    try {
      await lease.begin("read committed");
      const fresh = await writeSamples(lease, columns.samples);
      await writeStates(lease, columns);
      await lease.commit();
      return fresh;
    } finally {
      await lease.release();
    }
  }

  return async (batches: readonly LocationBatch[]): Promise<Uint8Array> => {
    await months.ensure(timesOf(batches));
    const columns = toLocationColumns(batches);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write(columns);
      } catch (error) {
        if (attempt === maxAttempts || !(error instanceof TransactionConflict)) throw error;
      }
    }
  };
}
