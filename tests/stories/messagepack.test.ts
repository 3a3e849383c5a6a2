import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import type { HubClient } from "../lib/hub-client.ts";
import { messagesOf } from "../lib/messages.ts";
import { sampleAt } from "../lib/samples.ts";
import { aCircle, drawZone } from "../lib/zones.ts";

const clock = heldClock();
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const inMessagePack = { messagePack: true } as const;

/** What a client heard, every time as text. */
const asText = (client: HubClient): unknown => JSON.parse(JSON.stringify(client.received));

/** Each value of this name, wherever it stands in what the client heard, but those that are null. */
function valuesNamed(name: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name && inner !== null ? [inner] : valuesNamed(name, inner),
  );
}

/** Of what happens below; where else times are is read from the contract, which has tests of its own. */
const timeNames = ["lastLocationAt", "appInfoAt", "boundAt", "updatedAt", "createdAt", "expiresAt", "sentAt"];
const moreTimeNames = ["receivedAt", "seenAt", "respondedAt", "startedUtc", "atUtc"];

describe("an account whose phone and dashboard speak MessagePack, and another dashboard JSON", () => {
  test("hears the same on both, times as Dates in MessagePack and as text in JSON", async () => {
    const [packed, plain] = [await fleet.dashboard("mixed", inMessagePack), await fleet.dashboard("mixed")];
    const van = await fleet.device({ account: "mixed", name: "Van – ä€😀" }, inMessagePack);
    const other = await fleet.device({ account: "mixed", name: "Van in JSON" });

    await van.reportLocation({ lat: 41.38, lon: 2.17, batteryPercent: 80.5, appVersion: "1.0", appLanguage: "en" });
    await other.reportLocation({ lat: 41.39, lon: 2.18 });
    const zone = await drawZone(fleet, "mixed", aCircle(41.38, 2.17));
    await van.next("ZoneAdded");
    const { send } = messagesOf(fleet, "mixed");
    const { id } = await send(van.id, "Call the depot, please. ä€😀");
    expect(await van.next("ReceiveMessage")).toMatchObject({ messageId: id, body: "Call the depot, please. ä€😀" });
    await van.invoke("MessageReceived", id);
    await van.invoke("MessageResponse", id, "On my way");
    const { token } = await fleet.account("mixed");
    const pair = { rescueeDeviceId: van.id, rescuerDeviceId: other.id };
    const rescue = await fleet.rest<{ sessionId: string }>("POST /api/rescues", { token, body: pair });
    expect(await van.next("RescuePeerLocation")).toMatchObject({ position: { atUtc: expect.any(Date) } });
    expect(await van.next("RescueSessionStarted")).toMatchObject({ session: { yourRole: "rescuee" } });
    await fleet.rest(`POST /api/rescues/${rescue.body.sessionId}/complete`, { token });
    await fleet.rest(`DELETE /api/zones/${zone.id}`, { token });
    for (const client of [packed, plain]) await client.next("ZoneDeleted");

    expect(asText(packed)).toEqual(plain.received);
    const heard = new Set(packed.received.map(({ event }) => event));
    for (const event of ["DeviceUpdated", "DeviceAdded", "ZoneAdded", "MessageUpdated", "DeviceMessageResponse"]) {
      expect(heard).toContain(event);
    }
    const everything = [packed.received, van.received];
    for (const name of [...timeNames, ...moreTimeNames]) {
      const values = valuesNamed(name, everything);
      expect(values, name).not.toEqual([]);
      for (const value of values) expect(value, name).toBeInstanceOf(Date);
      for (const value of valuesNamed(name, plain.received)) expect(value, name).toMatch(/^\d{4}-.*Z$/);
    }
  });

  test("a phone's samples have times of either kind, and one fix is one fix", async () => {
    const van = await fleet.device({ account: "samples" }, inMessagePack);
    const other = await fleet.connectDevice({ deviceId: van.id, accessToken: van.token });
    const now = clock.now();
    const dated = [1_000, 2_000].map((ago) => ({ ...sampleAt(now - ago), atUtc: new Date(now - ago) }));
    expect(await van.invoke("ReportSamples", dated)).toEqual({ accepted: 2, duplicates: 0, rejected: [] });
    const again = [sampleAt(now - 1_000), sampleAt(now - 3_000)];
    for (const client of [other, van]) {
      const fresh = client === other ? 1 : 0;
      expect(await client.invoke("ReportSamples", again)).toEqual({
        accepted: fresh,
        duplicates: 2 - fresh,
        rejected: [],
      });
    }
  });

  test("a result with times in it has Dates, and an error is the same error", async () => {
    const { auth } = await fleet.account("results");
    const [packed, plain] = [await fleet.dashboard("results", inMessagePack), await fleet.dashboard("results")];
    const refreshed = await packed.invoke<Record<string, unknown>>("RequestTokenRefresh", auth.refreshToken);
    expect(refreshed["accessTokenExpiresAt"]).toBeInstanceOf(Date);
    expect(refreshed["refreshTokenExpiresAt"]).toBeInstanceOf(Date);
    expect(refreshed["account"]).toEqual(auth.account);

    for (const [method, ...args] of [
      ["RequestTokenRefresh"],
      ["RequestTokenRefresh", 1],
      ["ReportLocation", 1, 1],
      ["No"],
    ]) {
      const name = String(method);
      expect(await packed.refusal(name, ...args)).toBe(await plain.refusal(name, ...args));
    }
    expect(await packed.refusal("RequestTokenRefresh", new Date(0))).toContain("invalid: refreshToken must be text");
  });

  test("a phone is paired in MessagePack", async () => {
    const pairing = await fleet.hub("/hubs/pairing", inMessagePack);
    const code = await pairing.invoke<string>("RequestPairingCode");
    expect((await fleet.enter("pairs", code)).status).toBe(201);
    const { bound } = await pairing.next("DeviceBound");
    const van = await fleet.connectDevice(bound as { deviceId: number; accessToken: string }, inMessagePack);
    expect(await van.reportLocation({ lat: 1, lon: 1 })).toBeNull();
  });
});
