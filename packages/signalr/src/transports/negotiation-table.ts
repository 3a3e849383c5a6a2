import { AddressCount, type ResolvedLimits } from "./limits.ts";

/** A connection that was promised and has not come yet. */
export type Negotiation = {
  readonly connectionId: string;
  readonly connectionToken: string;
  readonly principalKey: string;
  /** Set for anonymous principals, whose address is held to the limit. */
  readonly countedAddress: string | null;
  readonly hub: object;
  readonly expiresAt: number;
};

export type Reservation = { readonly kind: "reserved" } | { readonly kind: "address-full" } | { readonly kind: "full" };

/** Promised connections by token, oldest first. */
export class NegotiationTable {
  readonly #limits: ResolvedLimits;
  readonly #waiting = new Map<string, Negotiation>();
  readonly #addresses: AddressCount;

  constructor(limits: ResolvedLimits) {
    this.#limits = limits;
    this.#addresses = new AddressCount(limits.negotiationsPerAddress);
  }

  get size(): number {
    return this.#waiting.size;
  }

  reserve(negotiation: Omit<Negotiation, "expiresAt">, now: number): Reservation {
    if (this.#waiting.size >= this.#limits.negotiations) return { kind: "full" };
    const address = negotiation.countedAddress;
    if (address !== null && !this.#addresses.take(address)) return { kind: "address-full" };
    const expiresAt = now + this.#limits.negotiationLifeMs;
    this.#waiting.set(negotiation.connectionToken, { ...negotiation, expiresAt });
    return { kind: "reserved" };
  }

  find(connectionToken: string): Negotiation | null {
    return this.#waiting.get(connectionToken) ?? null;
  }

  remove(negotiation: Negotiation): void {
    if (!this.#waiting.delete(negotiation.connectionToken)) return;
    if (negotiation.countedAddress !== null) this.#addresses.release(negotiation.countedAddress);
  }

  expire(now: number): void {
    for (const negotiation of this.#waiting.values()) {
      if (negotiation.expiresAt > now) return;
      this.remove(negotiation);
    }
  }
}
