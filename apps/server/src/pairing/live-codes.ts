import { pairingCodeLifeMs } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";

/**
 * Codes that phones of one address may show at once: a depot's morning. The more codes are live, the fewer wrong guesses
 * the whole service can allow, so that nobody may make them without end.
 */
export const liveCodesPerAddress = 100;

/** Past this many addresses, codes that have run out are looked for and forgotten. */
const sweepAbove = 10_000;

/** Which codes are live, by the address that asked for them. A phone is its GUID's digest or its connection. */
export type LiveCodes = {
  /** Keeps a place for this phone's code; answers 0, or the seconds until one is free. A phone that has a code may always renew it. */
  take(address: string, phone: string): number;
  drawn(address: string, phone: string, pendingId: number): void;
  /** The code is used or withdrawn. */
  gone(pendingId: number): void;
};

type Live = { expiresAt: number; pendingId: number | null };

export function createLiveCodes(clock: Clock): LiveCodes {
  const addresses = new Map<string, Map<string, Live>>();
  const phones = new Map<number, { address: string; phone: string }>();

  function forget(address: string, phone: string): void {
    const codes = addresses.get(address);
    const live = codes?.get(phone);
    if (codes === undefined || live === undefined) return;
    codes.delete(phone);
    if (live.pendingId !== null) phones.delete(live.pendingId);
    if (codes.size === 0) addresses.delete(address);
  }

  function sweep(): void {
    for (const [address, codes] of addresses) {
      for (const [phone, { expiresAt }] of codes) if (expiresAt <= clock.now()) forget(address, phone);
    }
  }

  function keep(address: string, phone: string, pendingId: number | null): void {
    forget(address, phone);
    if (addresses.size >= sweepAbove) sweep();
    const codes = addresses.get(address) ?? new Map<string, Live>();
    codes.set(phone, { expiresAt: clock.now() + pairingCodeLifeMs, pendingId });
    addresses.set(address, codes);
  }

  /** A Map keeps the order of drawing, and all codes live equally long. */
  function oldest(address: string): [phone: string, live: Live] | null {
    return addresses.get(address)?.entries().next().value ?? null;
  }

  return {
    take(address, phone) {
      const codes = addresses.get(address);
      if (codes?.has(phone)) return 0;
      const first = oldest(address);
      if (codes !== undefined && codes.size >= liveCodesPerAddress && first !== null) {
        const [other, { expiresAt }] = first;
        if (expiresAt > clock.now()) return Math.ceil((expiresAt - clock.now()) / 1000);
        forget(address, other);
      }
      keep(address, phone, null);
      return 0;
    },
    drawn(address, phone, pendingId) {
      keep(address, phone, pendingId);
      phones.set(pendingId, { address, phone });
    },
    gone(pendingId) {
      const owner = phones.get(pendingId);
      if (owner !== undefined) forget(owner.address, owner.phone);
    },
  };
}
