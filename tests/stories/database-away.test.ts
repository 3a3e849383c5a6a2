import { emptyDatabase, startCluster } from "@dsp-fleet/server/testing";
import { describe, expect, test, vi } from "vitest";
import { startFleet } from "../lib/fleet.ts";
import { halfOpenProxy } from "../lib/half-open-proxy.ts";
import { sampleAt } from "../lib/samples.ts";

const owedWithinMs = 2_000;
const backWithinMs = 5_000;

async function aFleetOfItsOwn(through?: (port: number) => Promise<number>) {
  const stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster());
  const { url } = await emptyDatabase(cluster.url);
  const address = new URL(url);
  if (through !== undefined) address.port = String(await through(cluster.port));
  const fleet = stack.use(await startFleet({ settings: { databaseUrl: address.href } }));
  return { cluster, fleet, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** A call that needs the database: its answer, and how long that took. */
async function timed<T>(call: Promise<T>): Promise<{ answer: T; ms: number }> {
  const asked = performance.now();
  const answer = await call;
  return { answer, ms: performance.now() - asked };
}

describe("with the database away", () => {
  test("calls are told within 2 s to come again, the live map goes on, and 5 s after its return all is written", async () => {
    await using place = await aFleetOfItsOwn();
    const { cluster, fleet } = place;
    const { token } = await fleet.account("north");
    const dashboard = await fleet.dashboard("north");
    const van = await fleet.device({ account: "north" });
    const start = Date.now();
    await van.invoke("ReportSamples", [sampleAt(start - 10_000)]);

    cluster.signal("SIGKILL");
    await cluster.ended();
    const rename = (name: string) => fleet.rest(`PATCH /api/devices/${van.id}`, { token, body: { name } });
    const refused = await timed(rename("In vain"));
    expect(refused.answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(refused.answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(refused.ms).toBeLessThan(owedWithinMs);
    const notKept = await timed(van.refusal("ReportSamples", [sampleAt(start - 5_000)]));
    expect(notKept.answer).toContain("unavailable:");
    expect(notKept.ms).toBeLessThan(owedWithinMs);
    expect((await fleet.rest("GET /health/ready")).status).toBe(503);
    await van.reportLocation({ lat: 48.1, lon: 11.5 });
    await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 48.1);
    expect((await fleet.rest("GET /api/fleet/live", { token })).text).toContain("48.1");

    await cluster.start();
    const back = performance.now();
    await vi.waitUntil(async () => (await rename("Back")).status === 200, { timeout: backWithinMs, interval: 50 });
    expect(performance.now() - back).toBeLessThan(backWithinMs);
    expect((await fleet.rest("GET /health/ready")).status).toBe(200);
    expect(await van.invoke("ReportSamples", [sampleAt(start - 10_000), sampleAt(start - 5_000)])).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    await fleet.restart();
    const { body } = await fleet.rest(`GET /api/devices/${van.id}`, { token });
    expect(body).toMatchObject({ name: "Back", lastLat: 48.1 });
  }, 60_000);

  test("a database that neither answers nor hangs up counts as away within 2 s", async () => {
    await using stack = new AsyncDisposableStack();
    let fallSilent: (() => void) | undefined;
    await using place = await aFleetOfItsOwn(async (port) => {
      const proxy = stack.use(await halfOpenProxy(port));
      fallSilent = () => proxy.fallSilent();
      return proxy.port;
    });
    const { fleet } = place;
    const { token } = await fleet.account("north");
    const dashboard = await fleet.dashboard("north");
    const van = await fleet.device({ account: "north" });

    fallSilent?.();
    const calls = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        timed(fleet.rest(`PATCH /api/devices/${van.id}`, { token, body: { name: `Van ${n}` } })),
      ),
    );
    expect(new Set(calls.map(({ answer }) => answer.status))).toEqual(new Set([503]));
    expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThan(owedWithinMs + 200);
    const later = await timed(fleet.rest(`PATCH /api/devices/${van.id}`, { token, body: { name: "Van" } }));
    expect(later.answer.status).toBe(503);
    expect(later.ms).toBeLessThan(200);
    await van.reportLocation({ lat: 48.2, lon: 11.5 });
    await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 48.2);
  }, 60_000);
});
