import type { DeviceStore, QueuedFix, StoredIdentity } from "./device-store.ts";
import { memoryMessages } from "./memory-messages.ts";

/** A store that ends with the process: for tests, and where nothing may stay. */
export function memoryStore(): DeviceStore {
  let identity: StoredIdentity | null = null;
  const messages = memoryMessages();
  const fixes = new Map<number, QueuedFix>();
  const inOrder = (): QueuedFix[] => [...fixes.values()].toSorted((a, b) => a.atMs - b.atMs);

  function drop(count: number, from: readonly QueuedFix[]): number {
    const dropped = from.slice(0, Math.max(0, count));
    for (const fix of dropped) fixes.delete(fix.atMs);
    return dropped.length;
  }

  return {
    async readIdentity() {
      return identity;
    },
    async writeIdentity(next) {
      identity = next;
    },
    async append(fix) {
      if (fixes.has(fix.atMs)) return false;
      fixes.set(fix.atMs, fix);
      return true;
    },
    async read(end, limit) {
      return end === "oldest" ? inOrder().slice(0, limit) : inOrder().slice(-limit);
    },
    async remove(timesMs) {
      return timesMs.filter((atMs) => fixes.delete(atMs)).length;
    },
    async count() {
      return fixes.size;
    },
    async trim({ maximum, olderThanMs }) {
      const plain = inOrder().filter((fix) => !fix.afterGap);
      const old = drop(
        plain.length,
        plain.filter((fix) => fix.atMs < olderThanMs),
      );
      const plainLeft = inOrder().filter((fix) => !fix.afterGap);
      const over = drop(fixes.size - maximum, plainLeft);
      return old + over + drop(fixes.size - maximum, inOrder());
    },
    messages,
    async wipe() {
      identity = null;
      messages.wipe();
      fixes.clear();
    },
  };
}
