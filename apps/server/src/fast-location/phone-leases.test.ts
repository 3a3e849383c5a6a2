import type { FleetHub } from "@dsp-fleet/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventSenders } from "../hubs/event-senders.ts";
import { type TestingClock, testingClock } from "../testing-clock.ts";
import type { LeaseOwner } from "./lease.ts";
import { createPhoneLeases, type PhoneLeases } from "./phone-leases.ts";

const deviceId = 7;

/** A phone that does what it last heard, whatever connection it came over. */
function aPhone(clock: TestingClock) {
  const connections = new Set<string>();
  let lease: { intervalSeconds: number; untilMs: number } | null = null;
  let starts = 0;
  let stops = 0;
  const senders = {
    StartFastLocation({ intervalSeconds, durationSeconds }: { intervalSeconds: number; durationSeconds: number }) {
      if (connections.size === 0) return;
      starts += 1;
      lease = { intervalSeconds, untilMs: clock.now() + durationSeconds * 1000 };
    },
    StopFastLocation() {
      if (connections.size === 0) return;
      stops += 1;
      lease = null;
    },
  } as unknown as EventSenders<FleetHub>;
  const leases: PhoneLeases = createPhoneLeases({
    clock,
    tell: { device: () => senders, connection: () => senders, connectionsOf: () => [...connections] },
  });
  let count = 0;
  return {
    leases,
    connect() {
      const id = `connection ${(count += 1)}`;
      connections.add(id);
      leases.greet(deviceId, id);
    },
    disconnect: () => connections.clear(),
    get isConnected() {
      return connections.size > 0;
    },
    get lease() {
      return lease !== null && lease.untilMs > clock.now() ? lease : null;
    },
    get starts() {
      return starts;
    },
    get stops() {
      return stops;
    },
    ask: (owner: LeaseOwner, intervalSeconds: number, durationSeconds: number) =>
      leases.start(deviceId, { owner, intervalSeconds, expiresAt: clock.now() + durationSeconds * 1000 }),
  };
}

describe("the leases of a phone", () => {
  test("a phone that is there always has the tightest of those that run, to the second, and none when none runs", () => {
    const owner = fc.constantFrom<LeaseOwner>("dispatcher", "rescue");
    const step = fc.oneof(
      fc.record({
        do: fc.constant("start" as const),
        owner,
        interval: fc.integer({ min: 1, max: 4 }),
        duration: fc.integer({ min: 10, max: 60 }),
      }),
      fc.record({ do: fc.constant("end" as const), owner }),
      fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
      fc.record({ do: fc.constantFrom("connect" as const, "disconnect" as const, "report" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const clock = testingClock();
        const phone = aPhone(clock);
        const wanted = new Map<LeaseOwner, { interval: number; until: number }>();
        for (const one of steps) {
          switch (one.do) {
            case "start":
              wanted.set(one.owner, { interval: one.interval, until: clock.now() + one.duration * 1000 });
              phone.ask(one.owner, one.interval, one.duration);
              break;
            case "end":
              wanted.delete(one.owner);
              phone.leases.end(deviceId, one.owner);
              break;
            case "pass":
              clock.move(one.ms);
              break;
            case "connect":
              phone.connect();
              break;
            case "disconnect":
              phone.disconnect();
              break;
            case "report":
              phone.leases.reported(deviceId);
          }
          if (!phone.isConnected) continue;
          const running = [...wanted.values()].filter(({ until }) => until > clock.now());
          const interval = Math.min(...running.map((lease) => lease.interval));
          const until = Math.max(...running.filter((lease) => lease.interval === interval).map((lease) => lease.until));
          if (running.length > 0) {
            expect(phone.lease?.intervalSeconds).toBe(interval);
            const late = (phone.lease?.untilMs ?? 0) - until;
            expect(late).toBeGreaterThanOrEqual(0);
            expect(late).toBeLessThan(1_000);
          } else {
            // What ran out is rounded up to whole seconds, and the phone counts by itself.
            expect((phone.lease?.untilMs ?? 0) - clock.now()).toBeLessThan(1_000);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("one that is given while a tighter one runs waits behind it, unheard", () => {
    const clock = testingClock();
    const phone = aPhone(clock);
    phone.connect();
    phone.ask("rescue", 2, 600);
    phone.ask("dispatcher", 10, 60);
    expect([phone.starts, phone.lease?.intervalSeconds]).toEqual([1, 2]);
    phone.leases.end(deviceId, "rescue");
    expect([phone.starts, phone.stops, phone.lease?.intervalSeconds]).toEqual([2, 0, 10]);
    clock.move(60_000);
    expect([phone.starts, phone.stops]).toEqual([3, 0]);
    expect(phone.leases.read(deviceId)).toBeNull();
  });

  test("a phone that reports as asked is never asked twice", () => {
    const clock = testingClock();
    const phone = aPhone(clock);
    phone.connect();
    phone.ask("dispatcher", 5, 3_600);
    for (let seconds = 0; seconds < 3_590; seconds += 5) {
      clock.move(5_000);
      phone.leases.reported(deviceId);
      expect(phone.leases.read(deviceId)?.sign).toBe("obeying");
    }
    expect(phone.starts).toBe(1);
  });

  test.each([
    [1, [10, 30, 70, 150, 230, 310]],
    [20, [60, 180, 420, 900]],
  ])("a silent one with an interval of %i s is asked again after its patience, ever more seldom", (interval, at) => {
    const clock = testingClock();
    const phone = aPhone(clock);
    phone.connect();
    phone.ask("dispatcher", interval, 3_600);
    const asked: number[] = [];
    for (let second = 1; second <= (at.at(-1) ?? 0); second += 1) {
      const before = phone.starts;
      clock.move(1_000);
      if (phone.starts > before) asked.push(second);
    }
    expect(asked).toEqual(at);
  });

  test("a phone that is away is not asked, and begins anew when it returns", () => {
    const clock = testingClock();
    const phone = aPhone(clock);
    phone.ask("dispatcher", 1, 3_600);
    clock.move(100_000);
    expect(phone.leases.read(deviceId)?.sign).toBe("offline");
    phone.connect();
    expect([phone.starts, phone.leases.read(deviceId)?.sign]).toEqual([1, "waiting"]);
    clock.move(9_000);
    expect(phone.starts).toBe(1);
    clock.move(2_000);
    expect([phone.starts, phone.leases.read(deviceId)?.sign]).toEqual([2, "silent"]);
  });

  test("what is stopped runs nothing by the clock any more", () => {
    const clock = testingClock();
    const phone = aPhone(clock);
    phone.connect();
    phone.ask("dispatcher", 1, 100);
    phone.leases.stop();
    clock.move(1_000_000);
    expect([phone.starts, phone.stops]).toEqual([1, 0]);
  });
});
