const none: readonly never[] = [];

/** Keys with one or more values. A single value is stored bare: most users have one connection, and a Set costs 200 bytes. */
export class MultiMap<V extends object> {
  readonly #entries = new Map<string, V | Set<V>>();

  get size(): number {
    return this.#entries.size;
  }

  /** False if it was there already. */
  add(key: string, value: V): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, value);
      return true;
    }
    if (entry instanceof Set) {
      if (entry.has(value)) return false;
      entry.add(value);
      return true;
    }
    if (entry === value) return false;
    this.#entries.set(key, new Set([entry, value]));
    return true;
  }

  delete(key: string, value: V): void {
    const entry = this.#entries.get(key);
    if (entry instanceof Set) {
      entry.delete(value);
      if (entry.size === 0) this.#entries.delete(key);
    } else if (entry === value) {
      this.#entries.delete(key);
    }
  }

  /** Live: what leaves during the iteration is not visited any more. */
  get(key: string): Iterable<V> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return none;
    return entry instanceof Set ? entry : [entry];
  }
}
