import { gzipSync } from "node:zlib";
import type { HistoryProgress } from "@dsp-fleet/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import { fullSamples, sampleAt } from "../lib/samples.ts";

let fleet: Fleet;
const clock = heldClock();
const minute = 60_000;
const day = 24 * 60 * minute;
const rolloverMs = 1_024 * 7 * day;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

type Receipt = {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string }[];
  ackedThrough: string | null;
};
type Batch = { samples: unknown[]; final?: boolean };

const send = (token: string, body: Batch) => fleet.rest<Receipt>("POST /api/devices/history-sync", { token, body });

async function ask(account: string, deviceId: number, hours: unknown = 4) {
  const { token } = await fleet.account(account);
  return fleet.rest(`POST /api/devices/${deviceId}/history-sync`, { token, body: { hours } });
}

async function syncStateOf(account: string, deviceId: number): Promise<unknown> {
  const { token } = await fleet.account(account);
  return (await fleet.rest(`GET /api/devices/${deviceId}`, { token })).body["syncState"];
}

const stored = (deviceId: number) =>
  fleet.server.app.database.queries
    .selectFrom("location_samples")
    .select(["at_ms", "lat", "received_ms", "source"])
    .where("device_id", "=", deviceId)
    .orderBy("at_ms")
    .execute();

const progressOf = async (dashboard: HubClient, syncState: string): Promise<HistoryProgress> => {
  const { progress } = await dashboard.next(
    "HistoryProgress",
    (named) => (named["progress"] as HistoryProgress).syncState === syncState,
  );
  return progress as HistoryProgress;
};

const iso = (ms: number) => new Date(ms).toISOString();

describe("a dispatcher who asks for the history of a phone", () => {
  test("reaches it at once when it is connected, and sees the fixes come in until the last", async () => {
    const van = await fleet.device({ account: "north" });
    const dashboard = await fleet.dashboard("north");
    const now = clock.now();
    expect(await ask("north", van.id)).toMatchObject({ status: 202, body: { syncState: "requested" } });
    expect(await van.next("RequestHistorySync")).toEqual({ hours: 4 });
    expect(await dashboard.next("DeviceUpdated", ({ syncState }) => syncState === "requested")).toMatchObject({
      deviceId: van.id,
    });
    expect(await progressOf(dashboard, "requested")).toEqual({
      deviceId: van.id,
      syncState: "requested",
      received: 0,
      from: null,
      to: null,
    });

    const [a, b, c] = [30, 20, 10].map((ago) => now - ago * minute) as [number, number, number];
    await send(van.token, { samples: [sampleAt(a), sampleAt(b)] });
    expect(await progressOf(dashboard, "syncing")).toMatchObject({ received: 2, from: iso(a), to: iso(b) });
    expect(await syncStateOf("north", van.id)).toBe("syncing");

    await send(van.token, { samples: [sampleAt(b), sampleAt(c)], final: true });
    expect(await progressOf(dashboard, "synced")).toMatchObject({ received: 4, from: iso(a), to: iso(c) });
    expect(await dashboard.next("DeviceUpdated", ({ syncState }) => syncState === "synced")).toMatchObject({
      deviceId: van.id,
      lastLocationAt: iso(c),
    });
    expect(await syncStateOf("north", van.id)).toBe("synced");
    expect(await stored(van.id)).toHaveLength(3);
  });

  test("is heard by a phone that is away as soon as it connects, each time until it is done", async () => {
    const bound = await fleet.pair("north");
    expect(await ask("north", bound.deviceId, 168)).toMatchObject({ status: 202 });
    for (let connects = 0; connects < 2; connects += 1) {
      const van = await fleet.connectDevice(bound);
      expect(await van.next("RequestHistorySync")).toEqual({ hours: 168 });
      await van.stop();
    }
    const { body } = await send(bound.accessToken, { samples: [], final: true });
    expect(body).toEqual({ accepted: 0, duplicates: 0, rejected: [], ackedThrough: null });
    expect(await syncStateOf("north", bound.deviceId)).toBe("synced");
    const van = await fleet.connectDevice(bound);
    await van.reportLocation({ lat: 1, lon: 1 });
    expect(van.count("RequestHistorySync")).toBe(0);
  });

  test("is not forgotten when the server is restarted", async () => {
    const bound = await fleet.pair("north");
    await ask("north", bound.deviceId, 12);
    await fleet.restart();
    expect(await syncStateOf("north", bound.deviceId)).toBe("requested");
    const van = await fleet.connectDevice(bound);
    expect(await van.next("RequestHistorySync")).toEqual({ hours: 12 });
  });

  test("asks for more hours when the phone connects hours later, so that what was meant is in them", async () => {
    const bound = await fleet.pair("late");
    await ask("late", bound.deviceId, 4);
    clock.leap(150 * minute);
    await fleet.signIn("late");
    const van = await fleet.connectDevice(bound);
    expect(await van.next("RequestHistorySync")).toEqual({ hours: 7 });
  });

  test("learns that a phone that says nothing for five minutes has failed; it is asked again when it connects", async () => {
    const van = await fleet.device({ account: "silent" });
    const dashboard = await fleet.dashboard("silent");
    await ask("silent", van.id);
    await van.next("RequestHistorySync");
    clock.leap(5 * minute + 1_000);
    expect(await progressOf(dashboard, "failed")).toMatchObject({ received: 0 });
    expect(await dashboard.next("DeviceUpdated", ({ syncState }) => syncState === "failed")).toBeTruthy();
    const again = await fleet.connectDevice({ deviceId: van.id, accessToken: van.token });
    expect(await again.next("RequestHistorySync")).toEqual({ hours: 5 });
    expect(await dashboard.next("DeviceUpdated", ({ syncState }) => syncState === "requested")).toBeTruthy();
    await send(van.token, { samples: [sampleAt(clock.now())] });
    await progressOf(dashboard, "syncing");
    clock.leap(4 * minute);
    await send(van.token, { samples: [sampleAt(clock.now())] });
    await progressOf(dashboard, "syncing");
    clock.leap(4 * minute);
    expect(await syncStateOf("silent", van.id)).toBe("syncing");
    clock.leap(2 * minute);
    await progressOf(dashboard, "failed");
    // Slow is not lost: what comes later counts.
    await send(van.token, { samples: [sampleAt(clock.now())], final: true });
    expect(await progressOf(dashboard, "synced")).toMatchObject({ received: 3 });
  });

  test("waits for a phone that is away as long as it takes", async () => {
    const bound = await fleet.pair("away");
    await ask("away", bound.deviceId);
    clock.leap(6 * 60 * minute);
    await fleet.signIn("away");
    expect(await syncStateOf("away", bound.deviceId)).toBe("requested");
  });

  test("leaves a row in the audit, with the hours", async () => {
    const bound = await fleet.pair("audited");
    await ask("audited", bound.deviceId, 9);
    const { auth } = await fleet.account("audited");
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .selectAll()
      .where("action", "=", "device.history-requested")
      .where("entity_id", "=", String(bound.deviceId))
      .execute();
    expect(rows).toMatchObject([{ actor: `user:${auth.user.id}`, detail: '{"hours":9}' }]);
  });

  test.each([0, 169, 1.5, "4", null])("cannot ask for %j hours", async (hours) => {
    const bound = await fleet.pair("hours");
    const answer = await ask("hours", bound.deviceId, hours);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid-request" } });
    expect(await syncStateOf("hours", bound.deviceId)).toBe("idle");
  });

  test("cannot ask a phone of another account, which hears nothing and is not told of", async () => {
    const van = await fleet.device({ account: "east" });
    const east = await fleet.dashboard("east");
    const west = await fleet.dashboard("west");
    expect(await ask("west", van.id)).toMatchObject({ status: 404, body: { code: "not-found" } });
    expect(await ask("west", 4_000_000)).toMatchObject({ status: 404, body: { code: "not-found" } });
    await ask("east", van.id);
    await progressOf(east, "requested");
    await send(van.token, { samples: [sampleAt(clock.now())], final: true });
    await progressOf(east, "synced");
    expect(van.count("RequestHistorySync")).toBe(1);
    await aWhile();
    expect(west.received).toEqual([]);
  });
});

describe("a batch of kept fixes", () => {
  test("is answered with what became of each, and with the time up to which all is on disk", async () => {
    const bound = await fleet.pair("batch");
    const now = clock.now();
    const good = sampleAt(now - 9_000, 11);
    const answer = await send(bound.accessToken, {
      samples: [
        sampleAt(now - 8_000, 12),
        good,
        { ...good, lat: 91 },
        null,
        "text",
        { ...good, atUtc: "yesterday" },
        { ...good, extra: 1 },
        sampleAt(now + 3 * minute),
        sampleAt(now - 61 * day),
        good,
      ],
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: [
        ...[2, 3, 4, 5, 6].map((index) => ({ index, code: "invalid" })),
        { index: 7, code: "future" },
        { index: 8, code: "too-old" },
      ],
      ackedThrough: iso(now - 8_000),
    });
    expect((await stored(bound.deviceId)).map(({ lat }) => lat)).toEqual([11, 12]);
    // Nobody had asked: no state changes.
    expect(await syncStateOf("batch", bound.deviceId)).toBe("idle");
  });

  test("makes the same table in every order, split and repetition, over both doors", async () => {
    const van = await fleet.device({ account: "batch" });
    const now = clock.now();
    const samples = [6, 5, 4, 3, 2, 1].map((ago) => sampleAt(now - ago * 1_000, ago));
    const [a, b, c, d, e, f] = samples;
    await send(van.token, { samples: [f, b, f] });
    await van.invoke("ReportSamples", [b, c]);
    await Promise.all([send(van.token, { samples: [e, d, c] }), send(van.token, { samples: [a, d] })]);
    expect((await send(van.token, { samples })).body).toEqual({
      accepted: 0,
      duplicates: 6,
      rejected: [],
      ackedThrough: f?.atUtc,
    });
    expect((await stored(van.id)).map(({ lat }) => lat)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test("leaves the union of what came, whatever was cut, mixed up, sent again, spoiled, packed or sent over the other door", async () => {
    const van = await fleet.device({ account: "union" });
    let before = clock.now() - 40 * day;
    const bad = fc.constantFrom<unknown>(null, 1, { atUtc: "never" }, { lat: 1, lon: 1 }, { ...sampleAt(0), lat: 91 });
    const sendings = fc
      .uniqueArray(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 30 })
      .chain((times) =>
        fc.record({
          times: fc.constant(times),
          batches: fc
            .array(
              fc.record({
                times: fc.array(fc.constantFrom(...times), { minLength: 1, maxLength: 12 }),
                bad: fc.array(bad, { maxLength: 3 }),
                door: fc.constantFrom("plain", "packed", "hub"),
              }),
              { maxLength: 5 },
            )
            .map((batches) => [...batches, { times, bad: [], door: "plain" as const }]),
          atOnce: fc.boolean(),
        }),
      );
    await fc.assert(
      fc.asyncProperty(sendings, async ({ times, batches, atOnce }) => {
        const base = (before += 100_000);
        const sendOne = async (batch: (typeof batches)[number]) => {
          const samples = [...batch.bad, ...batch.times.map((time) => sampleAt(base + time, (time % 90_000) / 1_000))];
          const receipt =
            batch.door === "hub"
              ? await van.invoke<Receipt>("ReportSamples", samples)
              : batch.door === "plain"
                ? (await send(van.token, { samples })).body
                : ((await (await sendPacked(van.token, gzipSync(JSON.stringify({ samples })))).json()) as Receipt);
          expect(receipt.rejected).toEqual(batch.bad.map((_, index) => ({ index, code: "invalid" })));
          expect(receipt.accepted + receipt.duplicates).toBe(batch.times.length);
          if (batch.door !== "hub") expect(receipt.ackedThrough).toBe(iso(base + Math.max(...batch.times)));
          return receipt.accepted;
        };
        const accepted: number[] = [];
        if (atOnce) accepted.push(...(await Promise.all(batches.map(sendOne))));
        else for (const batch of batches) accepted.push(await sendOne(batch));
        const kept = (await stored(van.id)).filter(({ at_ms: at }) => at > base && at <= base + 90_000);
        expect(kept.map((row) => [row.at_ms - base, row.lat])).toEqual(
          times.toSorted((a, b) => a - b).map((time) => [time, (time % 90_000) / 1_000]),
        );
        expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(times.length);
      }),
      { numRuns: 30 },
    );
  });

  test("may have 2,000 samples with every field, also packed; 2,001 change nothing", async () => {
    const bound = await fleet.pair("large");
    const samples = fullSamples(2_001, clock.now());
    const token = bound.accessToken;
    expect(await send(token, { samples })).toMatchObject({
      status: 400,
      body: { code: "invalid-request", errors: { samples: ["can have at most 2000 items"] } },
    });
    expect(await stored(bound.deviceId)).toHaveLength(0);
    expect((await send(token, { samples: samples.slice(1) })).body).toMatchObject({ accepted: 2_000 });
    const packed = await sendPacked(token, gzipSync(JSON.stringify({ samples: samples.slice(1) })));
    expect(await packed.json()).toMatchObject({ accepted: 0, duplicates: 2_000, ackedThrough: samples.at(-1)?.atUtc });
    expect(await stored(bound.deviceId)).toHaveLength(2_000);
  });

  test.each([
    ["that is no gzip", () => Buffer.from("not gzip"), 400, "invalid-request", "gzip"],
    [
      "that is cut short",
      () => gzipSync('{"samples":[],"final":true}').subarray(0, 20),
      400,
      "invalid-request",
      "gzip",
    ],
    ["that unpacks to a gigabyte", () => gzipSync(Buffer.alloc(64 * 1024 * 1024, " ")), 413, "body-too-large", "gzip"],
    ["in an encoding that nobody asked for", () => Buffer.from("{}"), 415, "unsupported-media-type", "br"],
    ["in two encodings", () => gzipSync("{}"), 415, "unsupported-media-type", "gzip, gzip"],
  ])("%s is refused", async (_, body, status, code, encoding) => {
    const bound = await fleet.pair("packed");
    const answer = await sendPacked(bound.accessToken, body(), encoding);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  test("over a mebibyte is too large", async () => {
    const bound = await fleet.pair("packed");
    const answer = await send(bound.accessToken, { samples: ["x".repeat(1024 * 1024)] });
    expect(answer).toMatchObject({
      status: 413,
      body: { code: "body-too-large", detail: "A body may have at most 1 MiB here." },
    });
  });

  test.each([
    [{ samples: [] }, "samples"],
    [{ samples: [], final: false }, "samples"],
    [{ samples: {} }, "samples"],
    [{ samples: null, final: true }, "samples"],
    [{ final: true }, "samples"],
    [{ samples: [1], final: "yes" }, "final"],
    [{ samples: [1], deviceId: 1 }, "deviceId"],
  ])("that says %j is refused as a whole", async (body, field) => {
    const bound = await fleet.pair("refused");
    const answer = await send(bound.accessToken, body as Batch);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: { [field]: expect.any(Array) } });
  });

  test("is a phone's alone to send, under its own name", async () => {
    const { token } = await fleet.account("doors");
    expect(await send(token, { samples: [1] })).toMatchObject({ status: 403 });
    const van = await fleet.pair("doors");
    expect(
      await fleet.rest(`POST /api/devices/${van.deviceId}/history-sync`, {
        token: van.accessToken,
        body: { hours: 1 },
      }),
    ).toMatchObject({ status: 403 });
  });

  test("of a receiver that has lost 1,024 weeks lands where it belongs, as often as it comes", async () => {
    const bound = await fleet.pair("rollover");
    const at = clock.now() - 10 * minute;
    const lost = sampleAt(at - rolloverMs, 33);
    expect((await send(bound.accessToken, { samples: [lost] })).body).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [],
      ackedThrough: lost.atUtc,
    });
    expect((await send(bound.accessToken, { samples: [lost, sampleAt(at, 33)] })).body).toMatchObject({
      accepted: 0,
      duplicates: 2,
    });
    expect(await stored(bound.deviceId)).toMatchObject([{ at_ms: at, lat: 33 }]);
    // Also with the weeks given back it is older than what the account keeps, or in the future.
    const lostToo = [sampleAt(at - rolloverMs - 61 * day), sampleAt(at - rolloverMs + day)];
    expect((await send(bound.accessToken, { samples: lostToo })).body).toMatchObject({
      rejected: [
        { index: 0, code: "too-old" },
        { index: 1, code: "too-old" },
      ],
      ackedThrough: null,
    });
  });

  test("of a clock that is days behind is kept at the phone's time, with the time of its arrival beside it", async () => {
    const bound = await fleet.pair("behind");
    const at = clock.now() - 3 * day;
    await send(bound.accessToken, { samples: [sampleAt(at)] });
    const [row] = await stored(bound.deviceId);
    expect(row?.at_ms).toBe(at);
    expect(Math.abs((row?.received_ms ?? 0) - clock.now())).toBeLessThan(minute);
  });

  test("from a phone that was unbound is refused", async () => {
    const bound = await fleet.pair("gone");
    const { token } = await fleet.account("gone");
    await fleet.rest(`DELETE /api/devices/${bound.deviceId}`, { token });
    expect(await send(bound.accessToken, { samples: [sampleAt(clock.now())] })).toMatchObject({ status: 401 });
    expect(await stored(bound.deviceId)).toHaveLength(0);
  });
});

const sendPacked = (token: string, body: Uint8Array<ArrayBuffer>, encoding = "gzip") =>
  fetch(`${fleet.address}/api/devices/history-sync`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "content-encoding": encoding },
    body,
  });
