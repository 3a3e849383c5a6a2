import { virtualClock } from "@dsp-fleet/fleet-client/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Fate, modelServer } from "../testing/model-server.ts";
import { aPhone, type Phone } from "../testing/phone.ts";

/** A bound and connected phone, and what it showed, by process. */
async function aConnectedPhone() {
  const clock = virtualClock();
  const server = modelServer();
  const phone: Phone = aPhone(clock, server, () => 0.5);
  const shown: string[] = [];
  phone.onMessage = ({ messageId }) => shown.push(messageId);
  await clock.advance(2_000);
  server.bind();
  await clock.advance(2_000);
  return { clock, server, phone, shown };
}

describe("a message", () => {
  test("is on disk before it is acknowledged, and shown once however often it comes", async () => {
    const { clock, server, phone, shown } = await aConnectedPhone();
    server.send("m1");
    await clock.advance(44);
    expect([await phone.disk.messages.unseen(), server.acknowledged.size]).toEqual([[], 0]);
    await clock.advance(200);
    expect(server.acknowledged.get("m1")).toEqual({ seen: false, responseText: null });
    server.send("m1");
    await clock.advance(1_000);
    expect(shown).toEqual(["m1"]);
  });

  test("that was seen and answered in a dead zone is told when the network is back", async () => {
    const { clock, server, phone } = await aConnectedPhone();
    server.send("m1");
    await clock.advance(500);
    server.isUp = false;
    server.cutAll();
    void phone.device.seen("m1");
    void phone.device.respond("m1", "On my way");
    await clock.advance(60_000);
    expect(server.acknowledged.get("m1")).toEqual({ seen: false, responseText: null });
    server.isUp = true;
    await clock.advance(60_000);
    expect(server.acknowledged.get("m1")).toEqual({ seen: true, responseText: "On my way" });
  });

  test("that was not seen is shown again after a restart; one that was is not", async () => {
    const { clock, server, phone, shown } = await aConnectedPhone();
    server.send("m1");
    server.send("m2");
    await clock.advance(500);
    void phone.device.seen("m1");
    await clock.advance(500);
    phone.crash();
    await clock.advance(5_000);
    expect(shown).toEqual(["m1", "m2", "m2"]);
  });

  test("that the server does not know any more is not spoken of for ever", async () => {
    const { clock, server, phone } = await aConnectedPhone();
    await phone.disk.messages.keep({ messageId: "gone", body: "", displaySeconds: 0 }, clock.now());
    server.send("m1");
    await clock.advance(1_000);
    expect(await phone.disk.messages.owed(9)).toEqual([]);
    expect(server.acknowledged.has("m1")).toBe(true);
  });

  test("that the server could not take note of is spoken of again", async () => {
    const { clock, server } = await aConnectedPhone();
    let refusals = 2;
    server.setFates((method) => (method === "MessageReceived" && refusals-- > 0 ? "fails" : "answered"));
    server.send("m1");
    await clock.advance(10_000);
    expect([refusals, server.acknowledged.has("m1")]).toEqual([-1, true]);
  });

  test("keeps its first reply", async () => {
    const { clock, server, phone } = await aConnectedPhone();
    server.send("m1");
    await clock.advance(500);
    void phone.device.respond("m1", "Yes");
    void phone.device.respond("m1", "No");
    await clock.advance(500);
    expect(server.acknowledged.get("m1")).toEqual({ seen: true, responseText: "Yes" });
  });
});

const fate: fc.Arbitrary<Fate> = fc.constantFrom(
  "answered",
  "answered",
  "request-lost",
  "answer-lost",
  "late",
  "fails",
  "hangs",
);
type Happening = "send" | "resend" | "crash" | "cut" | "see" | "reply" | "time";

test("whatever is cut, lost, late or killed: each message arrives, is acknowledged once kept, and what was seen stays seen", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Happening>("send", "send", "resend", "crash", "cut", "see", "see", "reply", "time"), {
        minLength: 1,
        maxLength: 15,
      }),
      fc.infiniteStream(fate),
      async (happenings, fates) => {
        const { clock, server, phone, shown } = await aConnectedPhone();
        server.setFates(() => fates.next().value);
        const said = new Map<string, string | null>();
        const early: string[] = [];
        let sent = 0;
        phone.onMessage = ({ messageId }) => {
          if (said.has(messageId)) early.push(messageId);
          shown.push(messageId);
        };
        for (const happening of happenings) {
          const last = shown.at(-1);
          if (happening === "send") server.send(`m${sent++}`);
          if (happening === "resend") server.resend();
          if (happening === "crash") phone.crash();
          if (happening === "cut") server.cutAll();
          if (happening === "time") await clock.advance(20_000);
          if (happening === "see" && last !== undefined) {
            void phone.device.seen(last).then(() => said.set(last, said.get(last) ?? null));
          }
          if (happening === "reply" && last !== undefined) {
            void phone.device.respond(last, "Yes").then(() => said.set(last, "Yes"));
          }
          await clock.advance(60);
        }
        server.setFates(() => "answered");
        for (let minute = 0; minute < 5; minute += 1) {
          server.resend();
          await clock.advance(60_000);
        }
        const ids = Array.from({ length: sent }, (_, at) => `m${at}`);
        expect([...server.acknowledged.keys()].toSorted()).toEqual(ids.toSorted());
        expect([...new Set(shown)].toSorted()).toEqual(ids.toSorted());
        expect(early).toEqual([]);
        for (const [messageId, responseText] of said) {
          expect(server.acknowledged.get(messageId)?.seen).toBe(true);
          if (responseText !== null) expect(server.acknowledged.get(messageId)?.responseText).toBe(responseText);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 30_000);
