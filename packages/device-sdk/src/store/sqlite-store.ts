import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deviceBound, type LocationSample } from "@dsp-fleet/contract";
import type { DeviceStore, QueuedFix, StoredIdentity } from "./device-store.ts";
import { groupCommit } from "./group-commit.ts";
import { messageSchema, sqliteMessages } from "./sqlite-messages.ts";

export type DeviceStores = Disposable & {
  /** The store of one device in this file. */
  store(key: string): DeviceStore;
};

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS device (key TEXT PRIMARY KEY, guid TEXT NOT NULL, bound TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS fix (
    device TEXT NOT NULL, at_ms INTEGER NOT NULL, after_gap INTEGER NOT NULL, sample TEXT NOT NULL,
    PRIMARY KEY (device, at_ms)
  ) WITHOUT ROWID;
`;

/** One SQLite file for many devices, made with its folder when missing. Changes survive a power cut once their promise resolves. */
export function openDeviceStores(file: string): DeviceStores {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(schema);
  database.exec(messageSchema);
  const commits = groupCommit(database);
  const messages = sqliteMessages(database, (change) => commits.write(change));
  const sql = {
    identity: database.prepare("SELECT guid, bound FROM device WHERE key = ?"),
    setIdentity: database.prepare(
      "INSERT INTO device (key, guid, bound) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET guid = excluded.guid, bound = excluded.bound",
    ),
    forget: database.prepare("DELETE FROM device WHERE key = ?"),
    append: database.prepare("INSERT INTO fix VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"),
    oldest: database.prepare("SELECT at_ms, after_gap, sample FROM fix WHERE device = ? ORDER BY at_ms LIMIT ?"),
    newest: database.prepare("SELECT at_ms, after_gap, sample FROM fix WHERE device = ? ORDER BY at_ms DESC LIMIT ?"),
    remove: database.prepare("DELETE FROM fix WHERE device = ? AND at_ms = ?"),
    count: database.prepare("SELECT count(*) AS n FROM fix WHERE device = ?"),
    dropOld: database.prepare("DELETE FROM fix WHERE device = ? AND after_gap = 0 AND at_ms < ?"),
    dropPlain: database.prepare(
      "DELETE FROM fix WHERE device = ?1 AND at_ms IN (SELECT at_ms FROM fix WHERE device = ?1 AND after_gap = 0 ORDER BY at_ms LIMIT ?2)",
    ),
    dropAny: database.prepare(
      "DELETE FROM fix WHERE device = ?1 AND at_ms IN (SELECT at_ms FROM fix WHERE device = ?1 ORDER BY at_ms LIMIT ?2)",
    ),
    wipe: database.prepare("DELETE FROM fix WHERE device = ?"),
  };

  return {
    store(device) {
      const count = (): number => Number(sql.count.get(device)?.["n"]);
      const write = <T>(change: () => T): Promise<T> => commits.write(change);
      return {
        async readIdentity() {
          return toIdentity(sql.identity.get(device));
        },
        writeIdentity: ({ deviceGuid, bound }) =>
          write(() => {
            sql.setIdentity.run(device, deviceGuid, bound === null ? null : JSON.stringify(bound));
          }),
        append: ({ atMs, afterGap, sample }) =>
          write(() => sql.append.run(device, atMs, afterGap ? 1 : 0, JSON.stringify(sample)).changes === 1),
        async read(end, limit) {
          const rows = end === "oldest" ? sql.oldest.all(device, limit) : sql.newest.all(device, limit).toReversed();
          return rows.map(toFix);
        },
        remove: (timesMs) =>
          write(() => timesMs.reduce((removed, atMs) => removed + Number(sql.remove.run(device, atMs).changes), 0)),
        async count() {
          return count();
        },
        trim: ({ maximum, olderThanMs }) =>
          write(() => {
            const old = Number(sql.dropOld.run(device, olderThanMs).changes);
            const plain = Number(sql.dropPlain.run(device, Math.max(0, count() - maximum)).changes);
            return old + plain + Number(sql.dropAny.run(device, Math.max(0, count() - maximum)).changes);
          }),
        messages: messages.store(device),
        wipe: () =>
          write(() => {
            messages.wipe(device);
            sql.forget.run(device);
            sql.wipe.run(device);
          }),
      };
    },
    [Symbol.dispose]() {
      if (!database.isOpen) return;
      commits.flush();
      database.close();
    },
  };
}

type Row = Record<string, unknown> | undefined;

function toIdentity(row: Row): StoredIdentity | null {
  const guid = row?.["guid"];
  if (typeof guid !== "string") return null;
  const bound = row?.["bound"];
  return { deviceGuid: guid, bound: typeof bound === "string" ? deviceBound.parse(JSON.parse(bound)) : null };
}

/** What this store wrote itself needs no second check. */
function toFix(row: Row): QueuedFix {
  const sample = JSON.parse(String(row?.["sample"])) as LocationSample;
  return { atMs: Number(row?.["at_ms"]), afterGap: row?.["after_gap"] === 1, sample };
}
