import { describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";

const minute = 60_000;

/** A code of the right form that no phone shows (to all odds). */
const wrongCode = (number: number) => `ZZZZ${"ABCDEFGHJK"[Math.floor(number / 10) % 10]}${"23456789AB"[number % 10]}`;

async function guess(fleet: Fleet, account: string, times: number, from?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < times; number += 1) {
    statuses.push((await enterFrom(fleet, account, wrongCode(number), from)).status);
  }
  return statuses;
}

async function enterFrom(fleet: Fleet, account: string, code: string, from = "203.0.113.1") {
  const { token } = await fleet.account(account);
  const headers = { "x-forwarded-for": from };
  return fleet.rest("POST /api/devices/by-code", { token, headers, body: { code, name: "Van" } });
}

async function askForCode(fleet: Fleet, from: string): Promise<number> {
  const headers = { "x-forwarded-for": from };
  return (await fleet.rest("POST /api/device/init", { headers, body: { deviceGuid: crypto.randomUUID() } })).status;
}

describe("guessing codes", () => {
  test("stops an account after five wrong ones, for a time that doubles; a right code waits unharmed", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock });
    expect(await guess(fleet, "north", 5)).toEqual([404, 404, 404, 404, 404]);

    const phone = await fleet.phone();
    const limited = await fleet.enter("north", phone.code);
    expect([limited.status, limited.body]).toMatchObject([429, { code: "rate-limited" }]);
    const wait = Number(limited.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(595);
    expect(wait).toBeLessThanOrEqual(600);

    clock.leap(10 * minute + 1_000);
    const fresh = await phone.init();
    expect((await fleet.enter("north", fresh.code)).status).toBe(201);

    expect(await guess(fleet, "north", 5)).toEqual([404, 404, 404, 404, 404]);
    const again = await fleet.enter("north", wrongCode(0));
    expect(again.status).toBe(429);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(1_195);
  });

  test("is forgiven after a quiet day: the wait begins at ten minutes again", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock });
    const waitAfterFive = async () => {
      await guess(fleet, "north", 5);
      return Number((await fleet.enter("north", wrongCode(0))).headers.get("retry-after")) / 60;
    };
    expect(await waitAfterFive()).toBeCloseTo(10, 0);
    clock.leap(11 * minute);
    expect(await waitAfterFive()).toBeCloseTo(20, 0);
    clock.leap(25 * 60 * minute);
    await fleet.signIn("north");
    expect(await waitAfterFive()).toBeCloseTo(10, 0);
  });

  test("stops nobody else: another account enters the same right code", async () => {
    await using fleet = await startFleet();
    await guess(fleet, "north", 5);
    const phone = await fleet.phone();
    const pairing = await phone.connect();
    expect((await fleet.enter("north", phone.code)).status).toBe(429);
    expect((await fleet.enter("south", phone.code)).status).toBe(201);
    expect(await pairing.next("DeviceBound")).toBeTruthy();
  });

  test("is counted also where many codes are entered at once", async () => {
    await using fleet = await startFleet();
    const { token } = await fleet.account("north");
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        fleet.rest("POST /api/devices/by-code", { token, body: { code: wrongCode(number), name: "Van" } }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 404)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(15);
  });

  test("leaves right codes alone where many are entered at once", async () => {
    await using fleet = await startFleet();
    const phones = await Promise.all(Array.from({ length: 12 }, () => fleet.phone()));
    await fleet.account("north");
    const answers = await Promise.all(phones.map((phone) => fleet.enter("north", phone.code)));
    expect(answers.map((answer) => answer.status)).toEqual(phones.map(() => 201));
  });

  test("stops an address after twenty wrong ones, whichever accounts it uses, and no other address", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock, settings: { trustProxy: true } });
    for (const account of ["a", "b", "c", "d", "e"]) {
      expect(await guess(fleet, account, 4, "203.0.113.9")).toEqual([404, 404, 404, 404]);
    }
    const limited = await enterFrom(fleet, "fresh", wrongCode(99), "203.0.113.9");
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await enterFrom(fleet, "fresh", wrongCode(99), "203.0.113.10")).status).toBe(404);
    clock.leap(10 * minute);
    expect((await enterFrom(fleet, "fresh", wrongCode(99), "203.0.113.9")).status).toBe(404);
  });

  test("is stopped for the whole service when many codes are live, so that no crowd of accounts gets further", async () => {
    await using fleet = await startFleet({ settings: { trustProxy: true } });
    // 1,226 wrong guesses an hour × live codes: with 300 codes four.
    for (const depot of ["198.51.100.1", "198.51.100.2", "198.51.100.3"]) {
      const statuses = await Promise.all(Array.from({ length: 100 }, () => askForCode(fleet, depot)));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    const accounts = ["a", "b", "c", "d"];
    for (const [index, account] of accounts.entries()) {
      expect((await enterFrom(fleet, account, wrongCode(index), `203.0.113.${index}`)).status).toBe(404);
    }
    expect((await enterFrom(fleet, "e", wrongCode(9), "203.0.113.99")).status).toBe(429);
  });

  test("cannot be made hopeless for others by one address that asks for codes without end", async () => {
    await using fleet = await startFleet({ settings: { trustProxy: true } });
    const statuses = await Promise.all(Array.from({ length: 101 }, () => askForCode(fleet, "198.51.100.1")));
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(await askForCode(fleet, "198.51.100.2")).toBe(200);
  });
});
