import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StandingClock, standingClock } from "../testing.ts";
import { createDelivery, type DeliverableMessage, deliveryWindow } from "./delivery.ts";

const van = { accountId: 1, deviceId: 7 };
const hour = 3_600_000;

type Sent = { connection: string; id: number; atSeconds: number };

/** A delivery over a store that takes its time, to one van. */
function aDelivery({ readMs = 0 }: { readMs?: number } = {}) {
  const clock: StandingClock = standingClock();
  const started = clock.now();
  const kept = new Map<number, DeliverableMessage>();
  const sends: Sent[] = [];
  const failures: unknown[] = [];
  let isAway = false;
  const delivery = createDelivery({
    clock,
    async pending(receiver, except, limit, now) {
      if (isAway) throw new Error("the store is away");
      const found = [...kept.values()]
        .filter((one) => one.deviceId === receiver.deviceId && !except.includes(one.id) && one.expiresAt > now)
        .toSorted((a, b) => a.id - b.id)
        .slice(0, limit);
      if (readMs > 0) await new Promise<void>((resolve) => clock.after(readMs, resolve));
      return found;
    },
    send: (connection, { id }) => sends.push({ connection, id, atSeconds: (clock.now() - started) / 1_000 }),
    sent: () => {},
    failed: (error) => failures.push(error),
  });
  const keep = (id: number, lifeMs = 12 * hour): DeliverableMessage => {
    const expiresAt = clock.now() + lifeMs;
    const one = { ...van, id, messageId: `m${id}`, body: "Call", displaySeconds: 30, expiresAt };
    kept.set(id, one);
    return one;
  };
  return {
    clock,
    sends,
    failures,
    delivery,
    keep,
    /** Stored, then offered. */
    create: (...ids: number[]) => delivery.offer(ids.map((id) => keep(id))),
    /** Acknowledged, cancelled or expired: gone from the store, then stopped. */
    end(id: number) {
      kept.delete(id);
      delivery.stop(van.deviceId, `m${id}`);
    },
    connect: (connection: string) => delivery.connected(van, connection),
    disconnect: (connection: string) => delivery.disconnected(van.deviceId, connection),
    storeIsAway(away: boolean) {
      isAway = away;
    },
    timesOf: (id: number) => sends.filter((one) => one.id === id).map(({ atSeconds }) => atSeconds),
    idsTo: (connection: string) => sends.filter((one) => one.connection === connection).map(({ id }) => id),
  };
}

describe("a message to a connected device", () => {
  test("goes out at once, again after 5, 10, 20, 40, and then every 60 s", async () => {
    const world = aDelivery();
    await world.connect("a");
    world.create(1);
    await world.clock.pass(260_000);
    expect(world.timesOf(1)).toEqual([0, 5, 15, 35, 75, 135, 195, 255]);
  });

  test("goes out no more once it was stopped", async () => {
    const world = aDelivery();
    await world.connect("a");
    world.create(1);
    await world.clock.pass(6_000);
    world.end(1);
    await world.clock.pass(hour);
    expect(world.timesOf(1)).toEqual([0, 5]);
  });

  test("goes out no more once its time is over, also when nobody has noticed yet", async () => {
    const world = aDelivery();
    await world.connect("a");
    world.delivery.offer([world.keep(1, 12_000)]);
    await world.clock.pass(hour);
    expect(world.timesOf(1)).toEqual([0, 5]);
  });

  test("goes on when the wall clock is set back by hours", async () => {
    const world = aDelivery();
    await world.connect("a");
    world.create(1);
    await world.clock.pass(1_000);
    world.clock.set(world.clock.now() - 5 * hour);
    await world.clock.pass(70_000);
    expect(world.timesOf(1).length).toBeGreaterThanOrEqual(3);
  });
});

describe("a device that connects", () => {
  test("gets what waited for it, the oldest first, before anything that follows", async () => {
    const world = aDelivery({ readMs: 50 });
    for (const id of [3, 1, 2]) world.keep(id);
    const connected = world.connect("a");
    await world.clock.pass(10);
    world.create(4);
    expect(world.sends).toEqual([]);
    await world.clock.pass(100);
    await connected;
    expect(world.idsTo("a")).toEqual([1, 2, 3, 4]);
  });

  test("gets it all again on its newest connection, and only there", async () => {
    const world = aDelivery();
    world.keep(1);
    world.keep(2);
    await world.connect("a");
    await world.connect("b");
    await world.clock.pass(6_000);
    world.create(3);
    expect(world.idsTo("a")).toEqual([1, 2]);
    expect(world.idsTo("b")).toEqual([1, 2, 1, 2, 3]);
  });

  test("is served by the next newest connection when the newest goes", async () => {
    const world = aDelivery();
    world.keep(1);
    for (const connection of ["a", "b", "c"]) await world.connect(connection);
    world.disconnect("b");
    await world.clock.pass(1_000);
    world.disconnect("c");
    world.create(2);
    expect(world.idsTo("a")).toEqual([1, 1, 2]);
    expect(world.idsTo("b")).toEqual([1]);
  });

  test("gets nothing after its last connection went", async () => {
    const world = aDelivery();
    world.keep(1);
    await world.connect("a");
    world.disconnect("a");
    world.create(2);
    await world.clock.pass(hour);
    expect(world.sends.length).toBe(1);
  });

  test("does not get what was stopped while the store was being read", async () => {
    const world = aDelivery({ readMs: 50 });
    world.keep(1);
    world.keep(2);
    const connected = world.connect("a");
    await world.clock.pass(10);
    world.end(1);
    await world.clock.pass(100);
    await connected;
    expect(world.idsTo("a")).toEqual([2]);
  });

  test("does not get what it read and acknowledged before it was offered", async () => {
    const world = aDelivery();
    const late = world.keep(1);
    await world.connect("a");
    world.end(1);
    world.delivery.offer([late]);
    await world.clock.pass(hour);
    expect(world.idsTo("a")).toEqual([1]);
  });

  test("is greeted although the store is away, and gets its messages when it is back", async () => {
    const world = aDelivery();
    world.keep(1);
    world.storeIsAway(true);
    await world.connect("a");
    expect([world.sends, world.failures.length]).toEqual([[], 1]);
    world.storeIsAway(false);
    await world.clock.pass(1_000);
    expect(world.idsTo("a")).toEqual([1]);
  });
});

describe("the window", () => {
  test("lets 32 be under way; each that is acknowledged lets the next follow, in order", async () => {
    const world = aDelivery();
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    await world.connect("a");
    world.create(...ids);
    await world.clock.pass(0);
    expect(world.idsTo("a")).toEqual(ids.slice(0, deliveryWindow));
    for (const id of ids) {
      world.end(id);
      await world.clock.pass(1);
    }
    expect(world.idsTo("a")).toEqual(ids);
  });
});

type Action = { kind: "create" | "end" | "connect" | "disconnect"; at: number } | { kind: "pass"; ms: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("create" as const), at: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("end" as const), at: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("connect" as const, "disconnect" as const), at: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1, 10, 60, 6_000) }) },
);

test("whatever comes in whatever order: none after its end, none too many, first sends in order, and each arrives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 60 }),
      fc.constantFrom(0, 30),
      async (actions, readMs) => {
        const world = aDelivery({ readMs });
        const open: string[] = [];
        const ended = new Map<number, number>();
        let nextId = 1;
        let nextConnection = 0;
        const alive = () => Array.from({ length: nextId - 1 }, (_, index) => index + 1).filter((id) => !ended.has(id));
        for (const one of actions) {
          if (one.kind === "create") world.create(...Array.from({ length: one.at + 1 }, () => nextId++));
          if (one.kind === "pass") await world.clock.pass(one.ms);
          if (one.kind === "connect") {
            const name = `c${nextConnection++}`;
            open.push(name);
            void world.connect(name);
          }
          if (one.kind === "disconnect" && open[one.at] !== undefined)
            world.disconnect(String(open.splice(one.at, 1)[0]));
          if (one.kind === "end") {
            const id = alive()[one.at];
            if (id !== undefined) {
              world.end(id);
              ended.set(id, world.sends.length);
            }
          }
        }
        const last = `c${nextConnection++}`;
        void world.connect(last);
        await world.clock.pass(5_000);
        for (const [id, sends] of ended) expect(world.sends.slice(sends).map((sent) => sent.id)).not.toContain(id);
        const first = [...new Set(world.sends.map(({ id }) => id))];
        expect(first).toEqual(first.toSorted((a, b) => a - b));
        const reached = new Set(world.idsTo(last));
        expect([...reached].filter((id) => !ended.has(id))).toEqual(alive().slice(0, deliveryWindow));
        expect(world.failures).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
}, 30_000);
