import type { Message } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile } from "../lib/hub-client.ts";
import { heardOf, messagesOf, type Sent, shown } from "../lib/messages.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();
const hour = 3_600_000;
const inFuture = (ms: number) => new Date(clock.now() + ms).toISOString();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("POST /api/messages refuses", () => {
  const bad: [string, Record<string, unknown>, string][] = [
    ["no devices", { deviceIds: [] }, "deviceIds"],
    ["a device twice", { deviceIds: [7, 7] }, "deviceIds"],
    ["more than 200 devices", { deviceIds: Array.from({ length: 201 }, (_, index) => index + 1) }, "deviceIds"],
    ["a device id that is none", { deviceIds: ["7"] }, "deviceIds"],
    ["a device id of 0", { deviceIds: [0] }, "deviceIds.0"],
    ["another word than all", { deviceIds: "ALL" }, "deviceIds"],
    ["missing devices", { deviceIds: undefined }, "deviceIds"],
    ["an empty body", { body: "" }, "body"],
    ["a blank body", { body: " \n " }, "body"],
    ["a body that is too long", { body: "x".repeat(2_001) }, "body"],
    ["a body with U+0000", { body: "a\u0000b" }, "body"],
    ["a body that is no text", { body: 5 }, "body"],
    ["4 seconds", { displaySeconds: 4 }, "displaySeconds"],
    ["601 seconds", { displaySeconds: 601 }, "displaySeconds"],
    ["-1 seconds", { displaySeconds: -1 }, "displaySeconds"],
    ["7.5 seconds", { displaySeconds: 7.5 }, "displaySeconds"],
    ["an end in the past", { expiresAt: "2026-01-01T00:00:00Z" }, "expiresAt"],
    ["an end in more than a week", { expiresAt: "2100-01-01T00:00:00Z" }, "expiresAt"],
    ["an end that is no UTC time", { expiresAt: "2026-12-01 10:00" }, "expiresAt"],
    ["an unknown field", { priority: 1 }, "priority"],
  ];

  test.each(bad)("%s", async (_, change, field) => {
    const { deviceId } = await fleet.pair("bad");
    const messages = messagesOf(fleet, "bad");
    const answer = await messages.post({ deviceIds: [deviceId], body: "Hello", ...change });
    expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    expect(Object.keys((answer.body as unknown as { errors: object }).errors)).toEqual([field]);
    expect((await messages.list()).body.items).toEqual([]);
  });

  test("a viewer and a phone", async () => {
    const bound = await fleet.pair("roles");
    const { id } = await messagesOf(fleet, "roles").send(bound.deviceId);
    const { token: viewer } = await fleet.colleague("roles", "viewer");
    const body = { deviceIds: [bound.deviceId], body: "Hello" };
    const call = async (request: string, token: string, withBody?: unknown) =>
      (await fleet.rest(request, { token, ...(withBody === undefined ? {} : { body: withBody }) })).status;
    expect([
      await call("POST /api/messages", viewer, body),
      await call(`POST /api/messages/${id}/cancel`, viewer),
      await call("GET /api/messages", viewer),
      await call(`GET /api/messages/${id}`, viewer),
      await call("GET /api/device/messages", viewer),
    ]).toEqual([403, 403, 200, 200, 403]);
    expect([
      await call("POST /api/messages", bound.accessToken, body),
      await call("GET /api/messages", bound.accessToken),
      await call(`GET /api/messages/${id}`, bound.accessToken),
      await call("GET /api/device/messages", bound.accessToken),
    ]).toEqual([403, 403, 403, 200]);
  });
});

describe("the list of messages", () => {
  test("comes newest first, a page at a time, by device and by state", async () => {
    const messages = messagesOf(fleet, "list");
    const [van, other] = [await fleet.device({ account: "list" }), await fleet.pair("list")];
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await messages.send(van.id, `No. ${count}`)).id);
    const { id: elsewhere } = await messages.send(other.deviceId);
    await van.invoke("MessageSeen", ids[2]);
    const seen: string[] = [];
    let query = "?limit=2";
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await messages.list(query);
      seen.push(...body.items.map(({ id }) => id));
      query = `?limit=2&cursor=${body.nextCursor}`;
      expect(body.nextCursor === null).toBe(pages === 2);
    }
    expect(seen).toEqual([elsewhere, ...ids.toReversed()]);
    const listed = async (filter: string) => (await messages.list(filter)).body.items.map(({ id }) => id);
    expect(await listed(`?deviceId=${other.deviceId}`)).toEqual([elsewhere]);
    expect(await listed("?state=seen")).toEqual([ids[2]]);
    expect(await listed(`?deviceId=${other.deviceId}&state=seen`)).toEqual([]);
    expect(await listed("?deviceId=4000000000")).toEqual([]);
  });

  test("shows nothing to another account, and a foreign message looks like one that is not there", async () => {
    const { deviceId } = await fleet.pair("list-north");
    const { id } = await messagesOf(fleet, "list-north").send(deviceId);
    const { token } = await fleet.account("list-south");
    expect((await fleet.rest<Sent>(`GET /api/messages?deviceId=${deviceId}`, { token })).body.items).toEqual([]);
    const foreign = await fleet.rest(`GET /api/messages/${id}`, { token });
    const unknown = await fleet.rest("GET /api/messages/00000000-0000-4000-8000-000000000000", { token });
    expect(foreign.status).toBe(404);
    expect(withoutTraceId(foreign)).toBe(withoutTraceId(unknown));
    expect((await fleet.rest("GET /api/messages/7", { token })).status).toBe(404);
  });

  test.each(["limit=0", "limit=201", "cursor=x", "state=lost", "deviceId=x", "deviceId=0"])(
    "refuses %s",
    async (query) => {
      const answer = await messagesOf(fleet, "list").list(`?${query}`);
      expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    },
  );
});

describe("an Idempotency-Key", () => {
  const key = (word: string) => ({ "idempotency-key": word });

  test("makes one message of two requests: the second is answered as the first was", async () => {
    const messages = messagesOf(fleet, "keys");
    const van = await fleet.device({ account: "keys" });
    const request = { deviceIds: [van.id], body: "Once" };
    const first = await messages.post(request, key("a"));
    await van.next("ReceiveMessage");
    await van.invoke("MessageSeen", first.body.items[0]?.id);
    const second = await messages.post({ body: "Once", displaySeconds: 30, deviceIds: [van.id] }, key("a"));
    expect([second.status, second.body]).toEqual([202, first.body]);
    await aWhile();
    expect(shown(van).length).toBe(1);
    expect((await messages.list()).body.items.length).toBe(1);
  });

  test("of another request is refused, and sends nothing", async () => {
    const messages = messagesOf(fleet, "keys-other");
    const { deviceId } = await fleet.pair("keys-other");
    await messages.post({ deviceIds: [deviceId], body: "One" }, key("a"));
    for (const change of [{ body: "Two" }, { displaySeconds: 60 }, { deviceIds: "all" }]) {
      const answer = await messages.post({ deviceIds: [deviceId], body: "One", ...change }, key("a"));
      expect([answer.status, answer.body]).toMatchObject([422, { code: "idempotency-key-reused" }]);
    }
    expect((await messages.list()).body.items.length).toBe(1);
  });

  test("used by many at once makes one message, and all hear the same", async () => {
    const messages = messagesOf(fleet, "keys-many");
    const { deviceId } = await fleet.pair("keys-many");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => messages.post({ deviceIds: [deviceId], body: "Once" }, key("b"))),
    );
    expect(sortedStatuses(answers)).toEqual(Array(8).fill(202));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await messages.list()).body.items.length).toBe(1);
  });

  test("is answered the same after the device was unbound, and belongs to its account alone", async () => {
    const messages = messagesOf(fleet, "keys-gone");
    const { token } = await fleet.account("keys-gone");
    const { deviceId } = await fleet.pair("keys-gone");
    const request = { deviceIds: [deviceId], body: "Once", expiresAt: inFuture(hour) };
    const first = await messages.post(request, key("c"));
    await fleet.rest(`DELETE /api/devices/${deviceId}`, { token });
    expect((await messages.post(request, key("c"))).body).toEqual(first.body);
    const other = await fleet.pair("keys-else");
    const elsewhere = await messagesOf(fleet, "keys-else").post(
      { deviceIds: [other.deviceId], body: "Mine" },
      key("c"),
    );
    expect(elsewhere.status).toBe(202);
  });

  test("is forgotten after a day", async () => {
    const messages = messagesOf(fleet, "keys-day");
    const { deviceId } = await fleet.pair("keys-day");
    const request = { deviceIds: [deviceId], body: "Daily" };
    const first = await messages.post(request, key("d"));
    clock.leap(24 * hour + 1_000);
    await fleet.signIn("keys-day");
    const second = await messages.post(request, key("d"));
    expect(second.body.items[0]?.id).not.toBe(first.body.items[0]?.id);
    clock.leap(25 * hour);
    const left = () => fleet.server.app.database.queries.selectFrom("idempotency_keys").select("id").execute();
    await expect.poll(left).toEqual([]);
  });

  test.each(["", "a b", "x".repeat(201)])("may not be %j", async (word) => {
    await fleet.signIn("keys");
    const answer = await messagesOf(fleet, "keys").post({ deviceIds: "all", body: "Hello" }, key(word));
    expect([answer.status, answer.body]).toMatchObject([400, { errors: { "Idempotency-Key": [expect.any(String)] } }]);
  });
});

describe("a phone whose socket is blocked", () => {
  test("does by HTTP exactly what the hub would do", async () => {
    await fleet.signIn("twins");
    const messages = messagesOf(fleet, "twins");
    const bound = await fleet.pair("twins");
    const dashboard = await fleet.dashboard("twins");
    const token = bound.accessToken;
    const [first, second] = [await messages.send(bound.deviceId, "one"), await messages.send(bound.deviceId, "two")];
    const pending = async () =>
      (await fleet.rest<Sent>("GET /api/device/messages?pending=true", { token })).body.items.map(({ id }) => id);
    expect(await pending()).toEqual([first.id, second.id]);
    // Reading counts neither as sent nor as received.
    expect(await messages.read(first.id)).toEqual(first);
    const say = async (id: string, what: string, body?: unknown) =>
      (await fleet.rest(`POST /api/device/messages/${id}/${what}`, { token, ...(body === undefined ? {} : { body }) }))
        .status;
    expect(await say(first.id, "received")).toBe(204);
    expect(await say(first.id, "received")).toBe(204);
    expect(await pending()).toEqual([second.id]);
    expect(await messages.read(first.id)).toMatchObject({
      state: "received",
      sendCount: 0,
      sentAt: expect.any(String),
    });
    expect(await say(first.id, "seen")).toBe(204);
    expect(await say(first.id, "response", { responseText: "Yes" })).toBe(204);
    await dashboard.next("MessageUpdated", ({ message }) => (message as Message).state === "responded");
    expect(heardOf(dashboard, first.id)).toEqual([
      "MessageUpdated queued",
      "DeviceMessageReceived",
      "DeviceMessageAcknowledged",
      "MessageUpdated received",
      "DeviceMessageSeen",
      "MessageUpdated seen",
      "DeviceMessageResponse",
      "MessageUpdated responded",
    ]);
    const all = await fleet.rest<Sent>("GET /api/device/messages", { token });
    expect(all.body.items.map(({ id, state }) => [id, state])).toEqual([
      [second.id, "queued"],
      [first.id, "responded"],
    ]);
  });

  test("ends the delivery over a socket that still stands", async () => {
    await fleet.signIn("twins");
    const messages = messagesOf(fleet, "twins");
    const van = await fleet.device({ account: "twins" });
    const { id } = await messages.send(van.id);
    await van.next("ReceiveMessage");
    await fleet.rest(`POST /api/device/messages/${id}/received`, { token: van.token });
    clock.leap(6_000);
    clock.leap(60_000);
    await aWhile();
    expect(shown(van).length).toBe(1);
  });

  test("may not speak for another, nor say nothing", async () => {
    await fleet.signIn("twins");
    const bound = await fleet.pair("twins");
    const other = await fleet.pair("twins");
    const { id } = await messagesOf(fleet, "twins").send(bound.deviceId);
    const say = (token: string, path: string, body?: unknown) =>
      fleet.rest(`POST /api/device/messages/${path}`, { token, ...(body === undefined ? {} : { body }) });
    for (const what of ["received", "seen"]) {
      expect((await say(other.accessToken, `${id}/${what}`)).body).toMatchObject({ code: "not-found" });
      expect((await say(bound.accessToken, `nonsense/${what}`)).status).toBe(404);
    }
    for (const body of [undefined, {}, { responseText: "" }, { responseText: "x".repeat(2_001) }]) {
      expect((await say(bound.accessToken, `${id}/response`, body)).status).toBe(400);
    }
    const { token } = await fleet.account("twins");
    expect((await say(token, `${id}/received`)).status).toBe(403);
  });
});
