import type { DatabaseSync } from "node:sqlite";
import { byDeviceAndTime, sampleWidth } from "../location-columns.ts";

/** Live fixes wait so long before they move into the track, by the time of their arrival. */
const foldAfterMs = 60_000;
/** Fixes that one round of folding takes up: 20 MB of them. */
const roundRows = 200_000;
/** Fixes in one transaction of folding: about 15 ms, so that no query waits long behind it. */
const sliceRows = 5_000;

const bytesPerRow = sampleWidth * Float64Array.BYTES_PER_ELEMENT;

/** What is being folded: rows in the order of the track, and how far it has come. */
type Round = { readonly rows: Float64Array; readonly order: Uint32Array; readonly lastId: number; done: number };

/** Puts rows into location_samples; those already there, or of no device of their account, are passed over. */
export type InsertRows = (rows: Float64Array, order: Uint32Array) => void;

/**
 * Live fixes on their way into the track, which lies on disk by device and time. Written there at once, the fixes of a second
 * would touch a page for each van; appended here, they are one row, and a minute's worth touches each page once.
 *
 *   append ──▶ live_log ──a minute later, slice by slice, or at once before anybody reads the track──▶ location_samples
 *
 * A fix stays here until the transaction that brings the last of its round into the track: a crash repeats a round, and repeating
 * it changes nothing.
 */
export function liveLog(db: DatabaseSync, insertRows: InsertRows) {
  db.exec("create table if not exists live_log (id integer primary key, samples blob not null) strict");
  const insert = db.prepare("insert into live_log (samples) values (?)");
  const read = db.prepare("select id, samples from live_log order by id limit 1000");
  const remove = db.prepare("delete from live_log where id <= ?");
  let round: Round | null = null;
  let isEmpty = db.prepare("select 1 from live_log limit 1").get() === undefined;
  /** Arrival of the oldest fix here; unknown after a start: then it counts as old. */
  let oldestMs: number | null = isEmpty ? null : Number.NEGATIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;

  function takeUp(): Round | null {
    const blobs: Uint8Array[] = [];
    let lastId = 0;
    let bytes = 0;
    for (const row of read.iterate()) {
      const blob = row["samples"] as Uint8Array;
      blobs.push(blob);
      bytes += blob.byteLength;
      lastId = Number(row["id"]);
      if (bytes >= roundRows * bytesPerRow) break;
    }
    if (blobs.length === 0) return null;
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const blob of blobs) {
      joined.set(blob, at);
      at += blob.byteLength;
    }
    const rows = new Float64Array(joined.buffer);
    return { rows, order: byDeviceAndTime(rows), lastId, done: 0 };
  }

  /** Moves the next slice, in the caller's transaction. */
  function step(): void {
    round ??= takeUp();
    if (round === null) {
      isEmpty = true;
      oldestMs = null;
      return;
    }
    insertRows(round.rows, round.order.subarray(round.done, round.done + sliceRows));
    round.done += sliceRows;
    if (round.done < round.order.length) return;
    remove.run(round.lastId);
    round = null;
    // What arrived meanwhile is younger than the round that has just ended.
    oldestMs = newestMs;
  }

  return {
    /** One row on disk for all of them, in the caller's transaction. */
    append(rows: Float64Array): void {
      insert.run(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      const receivedMs = rows[10] ?? newestMs;
      isEmpty = false;
      oldestMs ??= receivedMs;
      newestMs = Math.max(newestMs, receivedMs);
    },
    get isEmpty(): boolean {
      return isEmpty;
    },
    /** A slice is due: the oldest has waited its minute, or a round is under way. */
    get isDue(): boolean {
      return round !== null || (oldestMs !== null && newestMs - oldestMs >= foldAfterMs);
    },
    step,
    /** Moves everything, in the caller's transaction: before the track is read or changed. */
    drain(): void {
      while (!isEmpty) step();
    },
    /** The caller's transaction was rolled back: what was moved in it is still here. */
    rolledBack(): void {
      round = null;
      isEmpty = false;
      oldestMs ??= Number.NEGATIVE_INFINITY;
    },
  };
}
