import type { Message } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { heardOf, messagesOf, shown } from "../lib/messages.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const ofMessage = (id: string, state: string) => (named: Record<string, unknown>) => {
  const message = named["message"] as Message;
  return message.id === id && message.state === state;
};
const setUp = async (account: string) => {
  const van = await fleet.device({ account });
  const dashboard = await fleet.dashboard(account);
  return { van, dashboard, messages: messagesOf(fleet, account) };
};

describe("a message", () => {
  test("reaches its device alone, as the reference says", async () => {
    const { van, dashboard, messages } = await setUp("reach");
    const other = await fleet.device({ account: "reach" });
    const stranger = await fleet.device({ account: "stranger" });
    const { id } = await messages.send(van.id, "Call the depot", { displaySeconds: 0 });
    expect(await van.next("ReceiveMessage")).toEqual({ messageId: id, body: "Call the depot", displaySeconds: 0 });
    await aWhile();
    for (const client of [other, dashboard, stranger]) expect(client.count("ReceiveMessage")).toBe(0);
    expect(stranger.received.filter(({ event }) => event.includes("Message"))).toEqual([]);
  });

  test("is answered whole, and goes through its states before the eyes of the account", async () => {
    const { van, dashboard, messages } = await setUp("states");
    const queued = await messages.send(van.id);
    const { auth } = await fleet.account("states");
    expect(queued).toMatchObject({
      deviceId: van.id,
      body: "Call the depot",
      displaySeconds: 30,
      state: "queued",
      sentAt: null,
      sendCount: 0,
      receivedAt: null,
      seenAt: null,
      respondedAt: null,
      responseText: null,
      cancelledAt: null,
      sentBy: auth.user.id,
    });
    expect(Date.parse(queued.expiresAt) - Date.parse(queued.createdAt)).toBe(12 * 3_600_000);
    await dashboard.next("MessageUpdated", ofMessage(queued.id, "sent"));
    expect(await messages.read(queued.id)).toMatchObject({ state: "sent", sendCount: 1, sentAt: expect.any(String) });
    expect(await van.invoke("MessageReceived", queued.id)).toBeNull();
    expect(await messages.read(queued.id)).toMatchObject({ state: "received", receivedAt: expect.any(String) });
    expect(await van.invoke("messageSeen", queued.id.toUpperCase())).toBeNull();
    expect(await messages.read(queued.id)).toMatchObject({ state: "seen", seenAt: expect.any(String) });
    expect(await van.invoke("MessageResponse", queued.id, "On my way")).toBeNull();
    const answered = await messages.read(queued.id);
    expect(answered).toMatchObject({ state: "responded", responseText: "On my way", sendCount: 1 });
    expect(await dashboard.next("DeviceMessageResponse")).toEqual({
      deviceId: van.id,
      messageId: queued.id,
      responseText: "On my way",
      respondedAt: answered.respondedAt,
    });
    expect((await dashboard.next("MessageUpdated", ofMessage(queued.id, "responded")))["message"]).toEqual(answered);
    expect(heardOf(dashboard, queued.id)).toEqual([
      "MessageUpdated queued",
      "MessageUpdated sent",
      "DeviceMessageReceived",
      "DeviceMessageAcknowledged",
      "MessageUpdated received",
      "DeviceMessageSeen",
      "MessageUpdated seen",
      "DeviceMessageResponse",
      "MessageUpdated responded",
    ]);
  });

  test("that is answered at once was received and seen: the account hears all of it, in order", async () => {
    const { van, dashboard, messages } = await setUp("at-once");
    const { id } = await messages.send(van.id);
    await van.next("ReceiveMessage");
    await van.invoke("MessageResponse", id, "Yes");
    await dashboard.next("MessageUpdated", ofMessage(id, "responded"));
    expect(heardOf(dashboard, id).slice(2)).toEqual([
      "DeviceMessageReceived",
      "DeviceMessageAcknowledged",
      "DeviceMessageResponse",
      "DeviceMessageSeen",
      "MessageUpdated responded",
    ]);
    const { receivedAt, seenAt, respondedAt } = await messages.read(id);
    expect([receivedAt, seenAt]).toEqual([respondedAt, respondedAt]);
  });

  test("that is acknowledged again is answered without error, changes nothing, and tells nobody", async () => {
    const { van, dashboard, messages } = await setUp("again");
    const { id } = await messages.send(van.id);
    await van.invoke("MessageResponse", id, "First");
    await dashboard.next("MessageUpdated", ofMessage(id, "responded"));
    const [before, heard] = [await messages.read(id), heardOf(dashboard, id).length];
    await van.invoke("MessageReceived", id);
    await van.invoke("MessageSeen", id);
    await van.invoke("MessageResponse", id, "Second");
    await aWhile();
    expect(await messages.read(id)).toEqual(before);
    expect(heardOf(dashboard, id).length).toBe(heard);
  });

  test("is heard of by the account's other devices too", async () => {
    const { van, messages } = await setUp("peers");
    const peer = await fleet.device({ account: "peers" });
    const { id } = await messages.send(van.id);
    await van.invoke("MessageReceived", id);
    expect(await peer.next("DeviceMessageReceived")).toEqual({ deviceId: van.id, messageId: id });
  });
});

describe("sending", () => {
  test("to several makes a message for each; to all reaches every bound device, those that are away later", async () => {
    const { van, messages } = await setUp("many");
    const second = await fleet.device({ account: "many" });
    const away = await fleet.pair("many");
    const gone = await fleet.pair("many");
    const { token } = await fleet.account("many");
    await fleet.rest(`DELETE /api/devices/${gone.deviceId}`, { token });
    const several = await messages.post({ deviceIds: [van.id, second.id], body: "Both" });
    expect(several.status).toBe(202);
    expect(several.body.items.map(({ deviceId }) => deviceId)).toEqual([van.id, second.id]);
    expect(new Set(several.body.items.map(({ id }) => id)).size).toBe(2);
    const all = await messages.post({ deviceIds: "all", body: "Everybody" });
    expect(all.body.items.map(({ deviceId }) => deviceId)).toEqual([van.id, second.id, away.deviceId]);
    for (const phone of [van, second]) {
      await phone.next("ReceiveMessage", ({ body }) => body === "Everybody");
      expect(shown(phone).length).toBe(2);
    }
    const back = await fleet.connectDevice(away);
    expect(await back.next("ReceiveMessage")).toMatchObject({ body: "Everybody" });
    expect(shown(back).length).toBe(1);
  });

  test("to all of an account without devices sends nothing, and is no error", async () => {
    const answer = await messagesOf(fleet, "no-vans").post({ deviceIds: "all", body: "Anybody?" });
    expect([answer.status, answer.body]).toEqual([202, { items: [] }]);
  });

  test("to one unknown or foreign device among others sends nothing at all", async () => {
    const { van, messages } = await setUp("unknown");
    const foreign = await fleet.pair("elsewhere");
    for (const stranger of [foreign.deviceId, 4_000_000_000]) {
      const answer = await messages.post({ deviceIds: [van.id, stranger], body: "Both" });
      expect([answer.status, answer.body]).toMatchObject([404, { code: "not-found" }]);
    }
    await aWhile();
    expect(shown(van)).toEqual([]);
    expect((await messages.list()).body.items).toEqual([]);
  });

  test("and cancelling leave rows in the audit", async () => {
    const { van, messages } = await setUp("audited");
    const { id } = await messages.send(van.id);
    await messages.cancel(id);
    const { id: accountId, auth } = await fleet.account("audited");
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select(["actor", "action", "entity_id"])
      .where("account_id", "=", accountId)
      .where("entity", "=", "message")
      .orderBy("id")
      .execute();
    const actor = `user:${auth.user.id}`;
    expect(rows).toEqual([
      { actor, action: "message.sent", entity_id: id },
      { actor, action: "message.cancelled", entity_id: id },
    ]);
  });
});

describe("a device may acknowledge only what was sent to it", () => {
  test.each(["MessageReceived", "MessageSeen", "MessageResponse"])("%s", async (method) => {
    const { van, messages } = await setUp("own");
    const other = await fleet.device({ account: "own" });
    const stranger = await fleet.device({ account: "foreign" });
    const { id } = await messages.send(van.id);
    const text = method === "MessageResponse" ? ["yes"] : [];
    const refusals = [
      await other.refusal(method, id, ...text),
      await stranger.refusal(method, id, ...text),
      await van.refusal(method, "00000000-0000-4000-8000-000000000000", ...text),
      await van.refusal(method, "no id at all", ...text),
      await van.refusal(method, "", ...text),
    ];
    expect(new Set(refusals)).toEqual(
      new Set([expect.stringMatching(/HubException: not-found: There is no such message/)]),
    );
    expect((await messages.read(id)).receivedAt).toBeNull();
    // The connection stays open.
    expect(await van.invoke(method, id, ...text)).toBeNull();
  });

  test("and a dashboard none", async () => {
    const { van, dashboard, messages } = await setUp("dashboards");
    const { id } = await messages.send(van.id);
    expect(await dashboard.refusal("MessageReceived", id)).toContain(
      "Failed to invoke 'MessageReceived' because user is unauthorized",
    );
  });
});

test.each([
  [["MessageReceived", 7], "messageId"],
  [["MessageReceived", null], "messageId"],
  [["MessageSeen", {}], "messageId"],
  [["MessageSeen", "x".repeat(65)], "messageId"],
  [["MessageResponse", "id", ""], "responseText"],
  [["MessageResponse", "id", null], "responseText"],
  [["MessageResponse", "id", 5], "responseText"],
  [["MessageResponse", "id", "a\u0000b"], "responseText"],
  [["MessageResponse", "id", "x".repeat(2_001)], "responseText"],
] as [[string, ...unknown[]], string][])("%j is refused by naming %s", async ([method, ...args], field) => {
  const van = await fleet.device({ account: "bad" });
  expect(await van.refusal(method, ...args)).toMatch(new RegExp(`HubException: invalid: ${field} `));
});

test("2000 characters are read and written whole", async () => {
  const { van, messages } = await setUp("long");
  const text = "ü🚚".repeat(666).padEnd(2_000, "x");
  const { id } = await messages.send(van.id, text);
  expect(await van.next("ReceiveMessage")).toMatchObject({ body: text });
  await van.invoke("MessageResponse", id, text);
  expect(await messages.read(id)).toMatchObject({ body: text, responseText: text });
});
