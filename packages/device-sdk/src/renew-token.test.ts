import { FleetError } from "@dsp-fleet/fleet-client";
import { virtualClock } from "@dsp-fleet/fleet-client/testing";
import { describe, expect, test } from "vitest";
import { keepTokenFresh } from "./renew-token.ts";

const day = 24 * 3_600_000;
const lifeMs = 90 * day;

/** A phone that holds a token made by a server whose clock is `aheadMs` before its own. */
function aPhone({ clockAheadMs = 0 } = {}) {
  const clock = virtualClock();
  const server = { renewals: 0, failure: null as FleetError | null };
  const issue = () => {
    const iat = Math.floor((clock.now() - clockAheadMs) / 1000);
    return `head.${btoa(JSON.stringify({ iat, exp: iat + lifeMs / 1000, n: server.renewals }))}.sign`;
  };
  const phone = { kept: issue(), problems: [] as unknown[] };
  const stop = keepTokenFresh({
    rest: {
      async renewDeviceToken() {
        if (server.failure !== null) throw server.failure;
        server.renewals += 1;
        return { accessToken: issue(), accessTokenExpiresAt: "" };
      },
    },
    token: () => phone.kept,
    async keep(token) {
      phone.kept = token;
    },
    clock,
    onProblem: (error) => phone.problems.push(error),
  });
  return { clock, server, phone, stop };
}

describe("a phone's token", () => {
  test("is replaced once a third of its life is over, and so on, for as long as the phone runs", async () => {
    const { clock, server } = aPhone();
    await clock.advance(29 * day);
    expect(server.renewals).toBe(0);
    await clock.advance(2 * day);
    expect(server.renewals).toBe(1);
    await clock.advance(300 * day);
    expect(server.renewals).toBeGreaterThanOrEqual(9);
    expect(server.renewals).toBeLessThanOrEqual(11);
  });

  test("is replaced at the next look when the server could not be reached", async () => {
    const { clock, server, phone } = aPhone();
    server.failure = new FleetError("unreachable", { status: null, detail: "no network" });
    await clock.advance(40 * day);
    expect(server.renewals).toBe(0);
    server.failure = null;
    await clock.advance(day / 4);
    expect(server.renewals).toBe(1);
    expect(phone.problems).toEqual([]);
  });

  test("is renewed by a phone whose clock is back by years, which cannot tell how old it is", async () => {
    const { clock, server } = aPhone({ clockAheadMs: -1024 * 7 * day });
    await clock.advance(1);
    expect(server.renewals).toBe(1);
  });

  test("is left alone after the end", async () => {
    const { clock, server, stop } = aPhone();
    stop();
    await clock.advance(100 * day);
    expect(server.renewals).toBe(0);
  });
});
