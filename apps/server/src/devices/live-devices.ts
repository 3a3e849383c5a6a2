import type { LiveDevice } from "./live-device.ts";

/**
 * Every bound device of this server in memory, by device and by account. Rebuilt from the database at start.
 * A device of another account is not to be had: each look-up takes the account.
 */
export type LiveDevices = {
  get(accountId: number, deviceId: number): LiveDevice | null;
  /** Of every account, in no order. */
  all(): Iterable<LiveDevice>;
  /** By id, ascending. */
  list(accountId: number): LiveDevice[];
  add(device: LiveDevice): void;
  remove(accountId: number, deviceId: number): void;
  /** Counts the changes of an account; a snapshot carries it. */
  revision(accountId: number): number;
  /** To be called after each change of a device. */
  changed(device: LiveDevice): void;
  readonly size: number;
};

type AccountDevices = { revision: number; devices: Map<number, LiveDevice> };

export function createLiveDevices(stored: Iterable<LiveDevice>): LiveDevices {
  const accounts = new Map<number, AccountDevices>();
  let size = 0;

  function ofAccount(accountId: number): AccountDevices {
    const known = accounts.get(accountId);
    if (known !== undefined) return known;
    const made: AccountDevices = { revision: 0, devices: new Map() };
    accounts.set(accountId, made);
    return made;
  }

  const live: LiveDevices = {
    get: (accountId, deviceId) => accounts.get(accountId)?.devices.get(deviceId) ?? null,
    all: () => [...accounts.values()].flatMap(({ devices }) => [...devices.values()]),
    list: (accountId) => [...(accounts.get(accountId)?.devices.values() ?? [])].sort((a, b) => a.id - b.id),
    add(device) {
      const account = ofAccount(device.accountId);
      if (!account.devices.has(device.id)) size += 1;
      account.devices.set(device.id, device);
      account.revision += 1;
    },
    remove(accountId, deviceId) {
      const account = ofAccount(accountId);
      if (!account.devices.delete(deviceId)) return;
      size -= 1;
      account.revision += 1;
    },
    revision: (accountId) => accounts.get(accountId)?.revision ?? 0,
    changed(device) {
      ofAccount(device.accountId).revision += 1;
    },
    get size() {
      return size;
    },
  };
  for (const device of stored) live.add(device);
  return live;
}
