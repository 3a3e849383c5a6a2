import type { DatabaseSync } from "node:sqlite";
import { type IncomingMessage, isSame, laterOf, type MessageStore, type Said } from "./message-store.ts";

type Row = Record<string, unknown>;
type Write = <T>(change: () => T) => Promise<T>;

export const messageSchema = `
  CREATE TABLE IF NOT EXISTS message (
    coming INTEGER PRIMARY KEY, device TEXT NOT NULL, message_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
    body TEXT NOT NULL, display_seconds INTEGER NOT NULL, said TEXT NOT NULL, owes TEXT,
    UNIQUE (device, message_id)
  );
  CREATE INDEX IF NOT EXISTS message_owed ON message (device, coming) WHERE owes IS NOT NULL;
`;

/** Messages of the phones of one file. */
export function sqliteMessages(database: DatabaseSync, write: Write) {
  const sql = {
    find: database.prepare("SELECT said, owes FROM message WHERE device = ? AND message_id = ?"),
    insert: database.prepare(
      "INSERT INTO message (device, message_id, at_ms, body, display_seconds, said, owes) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    update: database.prepare("UPDATE message SET said = ?3, owes = ?4 WHERE device = ?1 AND message_id = ?2"),
    all: database.prepare(
      "SELECT message_id, body, display_seconds, said FROM message WHERE device = ? ORDER BY coming",
    ),
    owed: database.prepare(
      "SELECT message_id, owes FROM message WHERE device = ? AND owes IS NOT NULL ORDER BY coming LIMIT ?",
    ),
    forget: database.prepare("DELETE FROM message WHERE device = ? AND at_ms < ?"),
    wipe: database.prepare("DELETE FROM message WHERE device = ?"),
  };

  return {
    store(device: string): MessageStore {
      const find = (messageId: string) => {
        const row = sql.find.get(device, messageId);
        return row === undefined ? null : { said: toSaid(row["said"]), owes: toSaid(row["owes"]) };
      };
      const update = (messageId: string, said: Said | null, owes: Said | null): void =>
        void sql.update.run(device, messageId, JSON.stringify(said), owes === null ? null : JSON.stringify(owes));
      return {
        keep: ({ messageId, body, displaySeconds }, atMs) =>
          write(() => {
            const received: Said = { kind: "received" };
            const known = find(messageId);
            if (known !== null) {
              update(messageId, known.said, laterOf(known.owes, received));
              return false;
            }
            const text = JSON.stringify(received);
            sql.insert.run(device, messageId, atMs, body, displaySeconds, text, text);
            return true;
          }),
        say: (messageId, said) =>
          write(() => {
            const known = find(messageId);
            if (known === null || laterOf(known.said, said) === known.said) return;
            update(messageId, said, said);
          }),
        async unseen() {
          const rows = sql.all.all(device);
          return rows.filter((row) => toSaid(row["said"])?.kind === "received").map(toMessage);
        },
        async owed(limit) {
          return sql.owed.all(device, limit).flatMap((row) => {
            const said = toSaid(row["owes"]);
            return said === null ? [] : [{ messageId: String(row["message_id"]), said }];
          });
        },
        settle: ({ messageId, said }) =>
          write(() => {
            const known = find(messageId);
            if (known !== null && isSame(known.owes, said)) update(messageId, known.said, null);
          }),
        forget: (beforeMs) => write(() => void sql.forget.run(device, beforeMs)),
      };
    },
    wipe: (device: string): void => void sql.wipe.run(device),
  };
}

/** What this store wrote itself needs no second check. */
const toSaid = (text: unknown): Said | null => (typeof text === "string" ? (JSON.parse(text) as Said | null) : null);

const toMessage = (row: Row): IncomingMessage => ({
  messageId: String(row["message_id"]),
  body: String(row["body"]),
  displaySeconds: Number(row["display_seconds"]),
});
