import { fleetHub } from "@dsp-fleet/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "../database/database.ts";
import { aDatabase, aDevice, anAccount } from "../database/testing.ts";
import { deviceRepository } from "../devices/device-repository.ts";
import { createLiveDevices } from "../devices/live-devices.ts";
import { createFastLocation } from "../fast-location/fast-location.ts";
import { leaseRepository } from "../fast-location/lease-repository.ts";
import { eventSenders } from "../hubs/event-senders.ts";
import { type TestingClock, testingClock } from "../testing-clock.ts";
import { rescueRepository } from "./rescue-repository.ts";
import { createRescues } from "./rescues.ts";

type Heard = { at: number; event: string; args: unknown[] };
/** `isGreeted` once the server has said what a phone hears at connect; it is in its groups before that. */
type Connection = { id: string; deviceId: number | null; isGreeted: boolean; isOpen: boolean; heard: Heard[] };

/** Three vans and a dashboard of one account around one store; the server can be started again. */
async function aDepot(clock: TestingClock, database: Database) {
  const accountId = await anAccount(database);
  const vans: number[] = [];
  for (let count = 0; count < 3; count += 1) vans.push(await aDevice(database, accountId));
  const user = await database.queries
    .insertInto("users")
    .values({
      account_id: accountId,
      email: `${accountId}@example.com`,
      display_name: "Ana",
      role: "dispatcher",
      password_hash: "none",
      created_at: 0,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const all: Connection[] = [];
  const open = () => all.filter(({ isOpen }) => isOpen);
  const connectionsOf = (deviceId: number) => open().filter((one) => one.deviceId === deviceId);
  const senders = eventSenders(fleetHub, () => undefined);
  const to = (whom: () => Connection[]) =>
    senders({
      send(event, ...args) {
        for (const connection of whom()) connection.heard.push({ at: clock.now(), event, args });
        return Promise.resolve();
      },
    });
  const tell = {
    accountExcept: (_: number, ids: readonly string[]) => to(() => open().filter(({ id }) => !ids.includes(id))),
    accountAndDevices: () => to(open),
    device: (deviceId: number) => to(() => connectionsOf(deviceId)),
    connection: (connectionId: string) => to(() => open().filter(({ id }) => id === connectionId)),
    connectionsOf: (deviceId: number) => connectionsOf(deviceId).map(({ id }) => id),
  };

  async function start() {
    const devices = createLiveDevices(await deviceRepository(database).bound());
    const fastLocation = await createFastLocation({ clock, store: leaseRepository(database), tell });
    const store = rescueRepository(database);
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const logger = { error: () => undefined };
    return { devices, rescues: await createRescues({ clock, random, store, devices, fastLocation, tell, logger }) };
  }
  let server = await start();
  const connect = (deviceId: number | null): Connection => {
    const connection = { id: `c${all.length}`, deviceId, isGreeted: deviceId === null, isOpen: true, heard: [] };
    all.push(connection);
    return connection;
  };
  return {
    accountId,
    userId: user.id,
    vans,
    all,
    connectionsOf,
    connect,
    get rescues() {
      return server.rescues;
    },
    greet(connection: Connection) {
      if (connection.isGreeted || connection.deviceId === null || !connection.isOpen) return;
      connection.isGreeted = true;
      server.rescues.greet(connection.deviceId, connection.id);
    },
    report(deviceId: number, lat: number) {
      const device = server.devices.get(accountId, deviceId);
      if (device === null) throw new Error("no such van");
      Object.assign(device, { lastLat: lat, lastLon: 0, lastLocationAt: clock.now() });
      server.rescues.moved(deviceId);
    },
    async restart() {
      server.rescues.stop();
      for (const connection of open()) connection.isOpen = connection.deviceId === null;
      server = await start();
    },
  };
}

type Depot = Awaited<ReturnType<typeof aDepot>>;

/** What a connection of a device heard of rescues must make sense by itself, from its first word to its last. */
function checkPhone({ deviceId, heard }: Connection): void {
  let session: string | null = null;
  let lastPosition: { at: number; peer: unknown } | null = null;
  const starts = new Set<string>();
  const ends = new Set<string>();
  for (const { at, event, args } of heard) {
    const [first] = args as [Record<string, unknown>];
    const id = String(first?.["sessionId"]);
    switch (event) {
      case "RescueSessionStarted":
        expect(starts, "told twice of one start").not.toContain(id);
        starts.add(id);
        if (first["rescueeDeviceId"] !== deviceId && first["rescuerDeviceId"] !== deviceId) {
          expect(first).not.toHaveProperty("yourRole");
          break;
        }
        expect(session, "in two rescues").toBeNull();
        expect(first["yourRole"]).toBe(first["rescueeDeviceId"] === deviceId ? "rescuee" : "rescuer");
        session = id;
        lastPosition = null;
        break;
      case "RescueSessionEnded":
        expect(ends, "told twice of one end").not.toContain(id);
        ends.add(id);
        if (id === session) session = null;
        break;
      case "RescuePeerLocation":
        expect(session, "a position outside of a rescue").not.toBeNull();
        if (lastPosition !== null) {
          expect(first["peerDeviceId"]).toBe(lastPosition.peer);
          expect(at - lastPosition.at, "too soon").toBeGreaterThanOrEqual(2_000);
        }
        lastPosition = { at, peer: first["peerDeviceId"] };
    }
  }
}

/** What the phones and the dashboard believe at the end is what the store says. */
async function checkEnd(depot: Depot, database: Database): Promise<void> {
  const rows = await database.queries
    .selectFrom("rescues")
    .selectAll()
    .where("account_id", "=", depot.accountId)
    .execute();
  const openRows = rows.filter((row) => row.ended_at === null);
  const busy = openRows.flatMap((row) => [row.rescuee_device_id, row.rescuer_device_id]);
  expect(new Set(busy).size).toBe(busy.length);
  for (const van of depot.vans) {
    expect(depot.rescues.isInRescue(van)).toBe(busy.includes(van));
    const own = openRows.find((row) => row.rescuee_device_id === van || row.rescuer_device_id === van);
    for (const connection of depot.connectionsOf(van)) {
      const mine = connection.heard.filter(({ event, args }) => {
        const session = args[0] as Record<string, unknown>;
        return event === "RescueSessionStarted" && session["yourRole"] !== undefined;
      });
      const ended = connection.heard
        .filter(({ event }) => event === "RescueSessionEnded")
        .map(({ args }) => (args[0] as { sessionId: string }).sessionId);
      const believed = mine
        .map(({ args }) => (args[0] as { sessionId: string }).sessionId)
        .filter((id) => !ended.includes(id));
      expect(believed).toEqual(own === undefined ? [] : [own.session_id]);
    }
    // Whoever was away at an end has heard of it on some connection since.
    const toHear = rows.filter(
      (row) => row.ended_at !== null && [row.rescuee_device_id, row.rescuer_device_id].includes(van),
    );
    const heard = new Set(
      depot.all
        .filter(({ deviceId }) => deviceId === van)
        .flatMap(({ heard: all }) => all.filter(({ event }) => event === "RescueSessionEnded"))
        .map(({ args }) => (args[0] as { sessionId: string }).sessionId),
    );
    for (const row of toHear) expect(heard).toContain(row.session_id);
  }
}

const van = fc.nat(2);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("start" as const), a: van, b: van }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("complete" as const, "cancel" as const), a: van }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("join" as const, "greet" as const, "leave" as const), a: van }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("report" as const), a: van }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 3_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

test("whatever dispatchers, phones and lines do, and however often the server starts anew, everybody hears what is so", async () => {
  await using database = await aDatabase();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), async (steps) => {
      const clock = testingClock();
      const depot = await aDepot(clock, database);
      const { accountId, userId, vans } = depot;
      const dashboard = depot.connect(null);
      const sessions: { id: string; pair: number[] }[] = [];
      const pending: Promise<unknown>[] = [];
      const begin = async (request: Parameters<Depot["rescues"]["start"]>[0]) => {
        const outcome = await depot.rescues.start(request);
        if (outcome.kind !== "started") return;
        const { sessionId: id, rescueeDeviceId, rescuerDeviceId } = outcome.rescue;
        sessions.push({ id, pair: [rescueeDeviceId, rescuerDeviceId] });
      };
      const vanAt = (index: number) => vans[index] ?? 0;
      for (const [number, one] of steps.entries()) {
        switch (one.do) {
          case "start": {
            if (one.a === one.b) break;
            const pair = [vanAt(one.a), vanAt(one.b)];
            const request = {
              accountId,
              rescueeDeviceId: pair[0] ?? 0,
              rescuerDeviceId: pair[1] ?? 0,
              startedBy: userId,
            };
            const starting = begin(request);
            // Now and then the next step does not wait.
            if (number % 3 === 0) pending.push(starting);
            else await starting;
            break;
          }
          case "complete":
          case "cancel": {
            const session = sessions.findLast(({ pair }) => pair.includes(vanAt(one.a)));
            if (session === undefined) break;
            const reason = one.do === "complete" ? "completed" : "cancelled_by_dispatcher";
            pending.push(depot.rescues.end({ accountId, sessionId: session.id, reason, endedBy: userId }));
            if (number % 3 !== 0) await Promise.all(pending);
            break;
          }
          case "join":
            depot.connect(vanAt(one.a));
            break;
          case "greet":
            for (const connection of depot.connectionsOf(vanAt(one.a))) depot.greet(connection);
            break;
          case "leave":
            for (const connection of depot.connectionsOf(vanAt(one.a)).slice(0, 1)) connection.isOpen = false;
            break;
          case "report":
            depot.report(vanAt(one.a), number);
            break;
          case "pass":
            clock.move(one.ms);
            break;
          case "restart":
            await Promise.all(pending);
            await depot.restart();
        }
      }
      await Promise.all(pending);
      for (const id of vans) depot.connect(id);
      for (const connection of depot.all) depot.greet(connection);
      clock.move(2_000);
      for (const connection of depot.all) if (connection.deviceId !== null) checkPhone(connection);
      await checkEnd(depot, database);
      const told = dashboard.heard.filter(({ event }) => event === "RescueSessionStarted");
      expect(told.map(({ args }) => (args[0] as { sessionId: string }).sessionId)).toEqual(
        sessions.map(({ id }) => id),
      );
      depot.rescues.stop();
    }),
    { numRuns: 300 },
  );
}, 60_000);
