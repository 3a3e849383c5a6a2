import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile } from "../lib/hub-client.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("a code", () => {
  test("that another dispatcher has used is unknown, and nothing changes", async () => {
    const phone = await fleet.phone();
    const pairing = await phone.connect();
    const first = await fleet.enter("first", phone.code, { name: "First" });
    await pairing.next("DeviceBound");
    const again = await Promise.all([fleet.enter("first", phone.code), fleet.enter("second", phone.code)]);
    expect(again.map((answer) => [answer.status, answer.body])).toMatchObject([
      [404, { code: "code-unknown" }],
      [404, { code: "code-unknown" }],
    ]);
    const { token } = await fleet.account("first");
    expect((await fleet.rest(`GET /api/devices/${first.body.id}`, { token })).body).toMatchObject({ name: "First" });
    const second = await fleet.account("second");
    expect((await fleet.rest("GET /api/devices", { token: second.token })).body).toMatchObject({ items: [] });
    await aWhile();
    expect(pairing.count("DeviceBound")).toBe(1);
  });

  test.each(["Räder & Söhne 🚚", "<script>alert(1)</script>", "=1+1", "שלום", "'; drop table devices; --"])(
    "gives its device the name that was typed: %s",
    async (name) => {
      const phone = await fleet.phone();
      expect((await fleet.enter("names", phone.code, { name, identifier: name })).body).toMatchObject({
        name,
        identifier: name,
      });
    },
  );

  test("and another entered at once with one identifier: one of them gets it", async () => {
    const phones = [await fleet.phone(), await fleet.phone()];
    await fleet.account("one-plate");
    const answers = await Promise.all(phones.map(({ code }) => fleet.enter("one-plate", code, { identifier: "P-1" })));
    expect(sortedStatuses(answers)).toEqual([201, 409]);
  });

  test("that two accounts enter at once is won by exactly one", async () => {
    for (let round = 0; round < 3; round += 1) {
      const phone = await fleet.phone();
      const pairing = await phone.connect();
      const answers = await Promise.all(
        ["east", "west", "east", "west"].map((name) => fleet.enter(`${name}-${round}`, phone.code)),
      );
      expect(sortedStatuses(answers)).toEqual([201, 404, 404, 404]);
      await pairing.next("DeviceBound");
      await aWhile(40);
      expect(pairing.count("DeviceBound")).toBe(1);
    }
  });

  test("that is expired, used or wrong looks alike, byte for byte", async () => {
    const [used, expired] = [await fleet.phone(), await fleet.phone()];
    await fleet.enter("alike", used.code);
    clock.leap(10 * 60_000);
    const answers = [
      await fleet.enter("alike", "ZZZZZZ"),
      await fleet.enter("alike", used.code),
      await fleet.enter("alike", expired.code),
      await fleet.enter("alike", "no code at all"),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(withoutTraceId)).size).toBe(1);
    const headers = answers.map(({ headers: each }) =>
      [...each].filter(([name]) => !["date", "x-trace-id"].includes(name)).map(String),
    );
    expect(headers[1]).toEqual(headers[0]);
    expect(headers[2]).toEqual(headers[0]);
  });

  test("is not used up by an identifier that is taken", async () => {
    await fleet.pair("taken", { identifier: "T-1" });
    const phone = await fleet.phone();
    const refused = await fleet.enter("taken", phone.code, { identifier: "T-1" });
    expect([refused.status, refused.body]).toMatchObject([409, { code: "identifier-taken" }]);
    expect((await fleet.enter("taken", phone.code, { identifier: "T-2" })).status).toBe(201);
  });

  test("of another account's identifier is free to take", async () => {
    await fleet.pair("taken-elsewhere", { identifier: "X-1" });
    expect(await fleet.pair("free-here", { identifier: "X-1" })).toMatchObject({ identifier: "X-1" });
  });
});
