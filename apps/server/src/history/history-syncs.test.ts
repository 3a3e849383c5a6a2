import type { FleetHub, SyncState } from "@dsp-fleet/contract";
import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import { DatabaseUnavailableError } from "../database/errors.ts";
import { aDatabase, aDevice, anAccount } from "../database/testing.ts";
import { deviceRepository } from "../devices/device-repository.ts";
import { createLiveDevices } from "../devices/live-devices.ts";
import type { EventSenders } from "../hubs/event-senders.ts";
import { testingClock } from "../testing-clock.ts";
import { historySyncRepository } from "./history-sync-repository.ts";
import { createHistorySyncs } from "./history-syncs.ts";

const minute = 60_000;
const open: readonly SyncState[] = ["requested", "syncing", "failed"];

/** One server after the other over the same store, one phone, and an account that listens. */
async function aServer() {
  const database = await aDatabase();
  const accountId = await anAccount(database);
  await aDevice(database, accountId);
  const clock = testingClock();
  const asked: number[] = [];
  const told: { syncState: SyncState; received: number }[] = [];
  let isStoreAway = false;
  const senders = {
    RequestHistorySync: ({ hours }: { hours: number }) => void (device.isConnected && asked.push(hours)),
    HistoryProgress: ({ progress }: { progress: (typeof told)[number] }) => void told.push(progress),
  } as unknown as EventSenders<FleetHub>;

  async function start() {
    const devices = createLiveDevices(await deviceRepository(database).bound());
    const [found] = devices.list(accountId);
    if (found === undefined) throw new Error("the device is not there");
    const stored = historySyncRepository(database);
    const away = () => Promise.reject(new DatabaseUnavailableError("the store is away"));
    const repository: typeof stored = {
      ...stored,
      request: (...args) => (isStoreAway ? away() : stored.request(...args)),
      advance: (...args) => (isStoreAway ? away() : stored.advance(...args)),
    };
    const syncs = createHistorySyncs({
      repository,
      open: await stored.open(),
      devices,
      tell: { account: () => senders, device: () => senders, connection: () => senders, deviceUpdated: () => {} },
      clock,
      logger: pino({ level: "silent" }),
    });
    return { device: found, syncs };
  }
  let { device, syncs } = await start();

  return {
    clock,
    asked,
    told,
    get device() {
      return device;
    },
    get syncs() {
      return syncs;
    },
    set isStoreAway(is: boolean) {
      isStoreAway = is;
    },
    async restart() {
      syncs[Symbol.dispose]();
      ({ device, syncs } = await start());
    },
    [Symbol.asyncDispose]: () => database.close(),
    /** Lets time go by, and what falls due be written. */
    async pass(ms: number) {
      clock.move(ms);
      await database.queries.selectFrom("devices").select("id").execute();
      await new Promise(setImmediate);
    },
    async stored(): Promise<SyncState> {
      const row = await database.queries.selectFrom("devices").select("sync_state").executeTakeFirstOrThrow();
      return row.sync_state;
    },
  };
}

const happening = fc.oneof(
  fc.record({ kind: fc.constant("ask" as const), hours: fc.integer({ min: 1, max: 168 }) }),
  fc.record({ kind: fc.constant("connect" as const) }),
  fc.record({ kind: fc.constant("disconnect" as const) }),
  fc.record({ kind: fc.constant("batch" as const), received: fc.nat(5), final: fc.boolean() }),
  fc.record({ kind: fc.constant("pass" as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("store" as const), isAway: fc.boolean() }),
);

test("a request is asked at each connect until its final batch, is never told before it is on disk, and silence ends it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (happenings) => {
      await using server = await aServer();
      let isAway = false;
      for (const happens of happenings) {
        const { device, syncs } = server;
        const askedBefore = server.asked.length;
        const before = device.syncState;
        switch (happens.kind) {
          case "ask": {
            const outcome = await syncs.request(device, happens.hours, 1).catch(() => "refused");
            expect(outcome).toBe(isAway ? "refused" : true);
            expect(device.syncState).toBe(isAway ? before : "requested");
            expect(server.asked.slice(askedBefore)).toEqual(!isAway && device.isConnected ? [happens.hours] : []);
            break;
          }
          case "connect":
            device.isConnected = true;
            await syncs.greet(device, "connection");
            expect(server.asked.length - askedBefore).toBe(open.includes(before) ? 1 : 0);
            if (!isAway && before === "failed") expect(device.syncState).toBe("requested");
            break;
          case "disconnect":
            device.isConnected = false;
            break;
          case "batch": {
            const batch = { received: happens.received, fromMs: null, toMs: null, final: happens.final };
            await syncs.arrived(device, batch).catch(() => expect(isAway).toBe(true));
            const after = happens.final ? "synced" : "syncing";
            expect(device.syncState).toBe(isAway || !open.includes(before) ? before : after);
            break;
          }
          case "pass":
            await server.pass(happens.minutes * minute);
            break;
          case "restart": {
            const { isConnected } = device;
            await server.restart();
            server.device.isConnected = false;
            expect(server.device.syncState).toBe(before);
            if (isConnected) {
              server.device.isConnected = true;
              await server.syncs.greet(server.device, "connection");
            }
            break;
          }
          case "store":
            isAway = happens.isAway;
            server.isStoreAway = isAway;
            break;
        }
        expect(await server.stored()).toBe(server.device.syncState);
        expect(server.told.at(-1)?.syncState ?? "idle").toBe(server.device.syncState);
      }
      // Whatever was going on: with the store back, ten silent minutes leave nothing half done that a phone knows of.
      server.isStoreAway = false;
      const { device } = server;
      await server.pass(5 * minute);
      await server.pass(5 * minute);
      expect(await server.stored()).toBe(device.syncState);
      expect(device.isConnected ? ["idle", "synced", "failed"] : ["idle", "synced", "failed", "requested"]).toContain(
        device.syncState,
      );
      // And a phone that comes and does as it is asked ends it.
      device.isConnected = true;
      await server.syncs.greet(device, "connection");
      await server.syncs.arrived(device, { received: 1, fromMs: 1, toMs: 1, final: true });
      expect(["idle", "synced"]).toContain(await server.stored());
    }),
    { numRuns: 120 },
  );
}, 60_000);

test("what was received counts from when the phone was asked last", async () => {
  await using server = await aServer();
  const { device, syncs } = server;
  device.isConnected = true;
  await syncs.request(device, 2, 1);
  await syncs.arrived(device, { received: 3, fromMs: 10, toMs: 20, final: false });
  await syncs.arrived(device, { received: 2, fromMs: 5, toMs: 15, final: false });
  expect(server.told.at(-1)).toMatchObject({
    received: 5,
    from: new Date(5).toISOString(),
    to: new Date(20).toISOString(),
  });
  await server.pass(5 * minute);
  await syncs.greet(device, "connection");
  expect(server.told.at(-1)).toMatchObject({ syncState: "requested", received: 0, from: null });
});

test("a silence that fell into a time without a store is noticed once that is back", async () => {
  await using server = await aServer();
  const { device, syncs } = server;
  device.isConnected = true;
  await syncs.request(device, 2, 1);
  server.isStoreAway = true;
  await server.pass(5 * minute);
  expect(device.syncState).toBe("requested");
  server.isStoreAway = false;
  await server.pass(5 * minute);
  expect(await server.stored()).toBe("failed");
});
