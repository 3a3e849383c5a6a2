import type { Clock } from "../clock.ts";
import type { Tell } from "../hubs/tell.ts";
import { inOrder } from "../limits/in-order.ts";
import { fastLocationRate } from "../limits/rates.ts";
import { createTokenBuckets, type TokenBuckets } from "../limits/token-buckets.ts";
import type { LeaseRepository } from "./lease-repository.ts";
import { createPhoneLeases, type PhoneLeases } from "./phone-leases.ts";

export type LeaseRequest = {
  accountId: number;
  deviceId: number;
  intervalSeconds: number;
  durationSeconds: number;
  userId: number;
};

/** Leases of dispatchers, which are stored and outlive the server, beside those that rescues hold. */
export type FastLocation = Omit<PhoneLeases, "restore"> & {
  /** By user. */
  readonly requests: TokenBuckets;
  /** Remembers the lease, then asks the phone; `isBound` is asked in between. Answers when it runs out. */
  give(request: LeaseRequest, isBound: () => boolean): Promise<number>;
  /** Ends the dispatcher's lease, if there is one. */
  withdraw(request: { accountId: number; deviceId: number; userId: number }): Promise<void>;
};

export async function createFastLocation(parts: {
  clock: Clock;
  store: LeaseRepository;
  tell: Pick<Tell, "device" | "connection" | "connectionsOf">;
}): Promise<FastLocation> {
  const { clock, store } = parts;
  const { restore, ...phones } = createPhoneLeases(parts);
  restore(await store.running(clock.now()));
  const inTurn = inOrder<number>();

  return {
    ...phones,
    requests: createTokenBuckets(clock, fastLocationRate),
    give: ({ accountId, deviceId, intervalSeconds, durationSeconds, userId }, isBound) =>
      inTurn(deviceId, async () => {
        const startedAt = clock.now();
        const expiresAt = startedAt + durationSeconds * 1000;
        await store.start({
          accountId,
          deviceId,
          intervalSeconds,
          durationSeconds,
          startedAt,
          expiresAt,
          startedBy: userId,
        });
        if (isBound()) phones.start(deviceId, { owner: "dispatcher", intervalSeconds, expiresAt });
        return expiresAt;
      }),
    withdraw: ({ accountId, deviceId, userId }) =>
      inTurn(deviceId, async () => {
        await store.end(accountId, deviceId, userId, clock.now());
        phones.end(deviceId, "dispatcher");
      }),
  };
}
