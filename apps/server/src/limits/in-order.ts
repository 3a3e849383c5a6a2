/** Runs the work of one key one after the other, in the order of asking; other keys do not wait. */
export type InOrder<Key> = <T>(key: Key, work: () => Promise<T>) => Promise<T>;

export function inOrder<Key>(): InOrder<Key> {
  const last = new Map<Key, Promise<unknown>>();
  return async (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}
