export type Listeners<T> = {
  /** Subscribes; the answer is its undo. */
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
  readonly count: number;
};

export function createListeners<T>(): Listeners<T> {
  const all = new Set<{ listener: (value: T) => void }>();
  return {
    add(listener) {
      const entry = { listener };
      all.add(entry);
      return () => void all.delete(entry);
    },
    emit(value) {
      for (const { listener } of [...all]) listener(value);
    },
    get count() {
      return all.size;
    },
  };
}
