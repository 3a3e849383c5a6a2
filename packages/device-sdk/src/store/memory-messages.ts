import { type IncomingMessage, isSame, laterOf, type MessageStore, type Said } from "./message-store.ts";

type Kept = { readonly message: IncomingMessage; readonly atMs: number; said: Said; owes: Said | null };

export type MemoryMessages = MessageStore & { wipe(): void };

/** Messages in memory; a Map keeps the order of their coming. */
export function memoryMessages(): MemoryMessages {
  const kept = new Map<string, Kept>();
  return {
    async keep(message, atMs) {
      const known = kept.get(message.messageId);
      if (known === undefined) {
        kept.set(message.messageId, { message, atMs, said: { kind: "received" }, owes: { kind: "received" } });
        return true;
      }
      known.owes = laterOf(known.owes, { kind: "received" });
      return false;
    },
    async say(messageId, said) {
      const known = kept.get(messageId);
      if (known === undefined || laterOf(known.said, said) === known.said) return;
      known.said = said;
      known.owes = said;
    },
    async unseen() {
      return [...kept.values()].filter(({ said }) => said.kind === "received").map(({ message }) => message);
    },
    async owed(limit) {
      const owing = [...kept.entries()].flatMap(([messageId, { owes }]) =>
        owes === null ? [] : [{ messageId, said: owes }],
      );
      return owing.slice(0, limit);
    },
    async settle({ messageId, said }) {
      const known = kept.get(messageId);
      if (known !== undefined && isSame(known.owes, said)) known.owes = null;
    },
    async forget(beforeMs) {
      for (const [messageId, { atMs }] of kept) if (atMs < beforeMs) kept.delete(messageId);
    },
    wipe: () => kept.clear(),
  };
}
