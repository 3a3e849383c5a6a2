import { describe, expect, test } from "vitest";
import { nine } from "./a-device.ts";
import { createServerClock } from "./server-clock.ts";

const answerDated = (at: number) => async () => new Response(null, { headers: { date: new Date(at).toUTCString() } });

describe("the server's clock", () => {
  test("goes by the server where this computer is three minutes slow", async () => {
    const clock = createServerClock(answerDated(nine), () => nine - 180_000);
    await clock.fetch("/");
    expect(Math.abs(clock.now() - nine)).toBeLessThanOrEqual(500);
  });

  test("leaves differences alone that the header cannot show", async () => {
    const clock = createServerClock(answerDated(nine), () => nine + 1200);
    await clock.fetch("/");
    expect(clock.now()).toBe(nine + 1200);
  });

  test("stays as it is when an answer has no date", async () => {
    const clock = createServerClock(
      async () => new Response(null),
      () => nine,
    );
    await clock.fetch("/");
    expect(clock.now()).toBe(nine);
  });
});
