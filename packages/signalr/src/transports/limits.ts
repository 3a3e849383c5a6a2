/** What strangers may cost, all hubs together. */
export type ConnectionLimits = {
  /** Default 20 waiting negotiations of one address, counted for anonymous principals. */
  negotiationsPerAddress?: number;
  /** Default 5,000 waiting negotiations in all: 15 s of 333 newcomers a second. */
  negotiations?: number;
  /** Default 15 s, the reference server's DisconnectTimeout. */
  negotiationLifeMs?: number;
  /** Default 50 per address that are not yet authenticated or, for anonymous ones, have not yet shaken hands. */
  halfOpenPerAddress?: number;
};

export type ResolvedLimits = Required<ConnectionLimits>;

export function connectionLimits(given: ConnectionLimits): ResolvedLimits {
  return {
    negotiationsPerAddress: given.negotiationsPerAddress ?? 20,
    negotiations: given.negotiations ?? 5000,
    negotiationLifeMs: given.negotiationLifeMs ?? 15_000,
    halfOpenPerAddress: given.halfOpenPerAddress ?? 50,
  };
}

/** Counts per address; an address with nothing costs nothing. */
export class AddressCount {
  readonly #maximum: number;
  readonly #counts = new Map<string, number>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** False when the address has its share already. */
  take(address: string): boolean {
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#maximum) return false;
    this.#counts.set(address, count + 1);
    return true;
  }

  release(address: string): void {
    const count = this.#counts.get(address) ?? 0;
    if (count > 1) this.#counts.set(address, count - 1);
    else this.#counts.delete(address);
  }
}
