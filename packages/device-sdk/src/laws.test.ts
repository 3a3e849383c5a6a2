import { virtualClock } from "@dsp-fleet/fleet-client/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fate, modelServer } from "./testing/model-server.ts";
import { aPhone } from "./testing/phone.ts";

/** One thing that happens to a phone on its way. */
type Happening =
  | { kind: "reports"; fixes: number; everyMs: number }
  | { kind: "reports late"; behindMs: number }
  | { kind: "crash" }
  | { kind: "cut" }
  | { kind: "dead zone"; ms: number }
  | { kind: "asked for history" }
  | { kind: "time"; ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("reports" as const),
      fixes: fc.integer({ min: 1, max: 30 }),
      everyMs: fc.integer({ min: 1, max: 6_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("reports late" as const), behindMs: fc.integer({ min: 1, max: 60_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("dead zone" as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("asked for history" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 30_000 }) }) },
);
const fate: fc.Arbitrary<Fate> = fc.constantFrom(
  "answered",
  "answered",
  "answered",
  "request-lost",
  "answer-lost",
  "late",
  "hangs",
  "fails",
);

test("whatever is cut, lost, late or killed: what was kept arrives, and stays on the phone until it has", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fate),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (happenings, fates, randoms) => {
        const clock = virtualClock();
        const server = modelServer();
        const phone = aPhone(clock, server, () => randoms.next().value);
        const kept = new Set<string>();
        const removedEarly: number[] = [];
        phone.onRemove = (times) => {
          for (const atMs of times) {
            const atUtc = new Date(atMs).toISOString();
            if (!server.samples.has(atUtc) && !server.rejected.has(atUtc)) removedEarly.push(atMs);
          }
        };
        await clock.advance(2_000);
        server.bind();
        await clock.advance(2_000);
        server.setFates(() => fates.next().value);
        server.rejects((sample) => Date.parse(sample.atUtc) % 7 === 0);

        // The latitude says when the fix was, so that the order of live fixes can be read from the server.
        const startMs = clock.now();
        const report = (atMs: number): void => {
          const fix = { atMs, lat: (atMs - startMs + 120_000) / 1e6, lon: 2 };
          const atUtc = new Date(atMs).toISOString();
          void phone.device.report(fix).then((outcome) => outcome === "kept" && kept.add(atUtc));
        };
        for (const happens of happenings) {
          switch (happens.kind) {
            case "reports":
              for (let count = 0; count < happens.fixes; count++) {
                report(clock.now());
                await clock.advance(happens.everyMs);
              }
              break;
            case "reports late":
              report(clock.now() - happens.behindMs);
              break;
            case "crash":
              phone.crash();
              break;
            case "cut":
              server.cutAll();
              break;
            case "dead zone":
              server.isUp = false;
              server.cutAll();
              await clock.advance(happens.ms);
              server.isUp = true;
              break;
            case "asked for history":
              server.askForHistory(24);
              break;
            case "time":
              await clock.advance(happens.ms);
              break;
          }
        }
        server.setFates(() => "answered");
        const isAsked = happenings.some(({ kind }) => kind === "asked for history");
        await clock.advance(10 * 60_000);

        if (isAsked) expect(server.finals).toBeGreaterThan(0);
        expect(removedEarly).toEqual([]);
        expect([...kept].filter((atUtc) => !server.samples.has(atUtc) && !server.rejected.has(atUtc))).toEqual([]);
        expect(await phone.disk.count()).toBe(0);
        expect(phone.device.counts.queued).toBe(0);
        expect(phone.device.state.kind).toBe("connected");
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test("a live fix never follows a newer one, as long as the process lives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 4_000 }), fc.boolean()), {
        minLength: 2,
        maxLength: 30,
      }),
      fc.infiniteStream(fate),
      async (reports, fates) => {
        const clock = virtualClock();
        const server = modelServer();
        const phone = aPhone(clock, server, () => 0.3);
        await clock.advance(2_000);
        server.bind();
        await clock.advance(2_000);
        server.setFates(() => fates.next().value);
        const startMs = clock.now();
        for (const [behindMs, thenMs, isCut] of reports) {
          const atMs = clock.now() - behindMs;
          void phone.device.report({ atMs, lat: (atMs - startMs + 120_000) / 1e6, lon: 2 });
          if (isCut) server.cutAll();
          await clock.advance(thenMs);
        }
        await clock.advance(60_000);
        const times = server.live.map(({ lat }) => lat);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test("a phone is back half a minute after its server, however long that was away", async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), async (randoms) => {
      const clock = virtualClock();
      const server = modelServer();
      const phone = aPhone(clock, server, () => randoms.next().value);
      await clock.advance(10_000);
      server.bind();
      await clock.advance(10_000);
      server.isUp = false;
      server.cutAll();
      await clock.advance(10 * 60_000);
      expect(phone.device.state.kind).toBe("offline");
      const before = server.connections;
      server.isUp = true;
      await clock.advance(31_000);
      expect(server.connections).toBe(before + 1);
    }),
    { numRuns: 15 },
  );
}, 60_000);

test("a server that cannot keep fixes is asked again ever more rarely, but at least once a minute", async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), async (randoms) => {
      const clock = virtualClock();
      const server = modelServer();
      const phone = aPhone(clock, server, () => randoms.next().value);
      await clock.advance(10_000);
      server.bind();
      await clock.advance(10_000);
      const askedAtMs: number[] = [];
      server.setFates((method) => {
        if (method !== "ReportSamples") return "answered";
        askedAtMs.push(clock.now());
        return "fails";
      });
      for (let minute = 0; minute < 15; minute++) {
        void phone.device.report({ atMs: clock.now(), lat: 41, lon: 2 });
        await clock.advance(60_000);
      }
      const answerMs = 100;
      for (const [index, atMs] of askedAtMs.slice(1).entries()) {
        expect(atMs - (askedAtMs[index] ?? 0)).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** index) + answerMs);
      }
      server.setFates(() => "answered");
      await clock.advance(61_000);
      expect(phone.device.counts).toMatchObject({ queued: 0, accepted: 15 });
    }),
    { numRuns: 15 },
  );
}, 60_000);
