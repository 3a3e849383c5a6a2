import type { Message } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile } from "../lib/hub-client.ts";
import { heardOf, messagesOf, shown } from "../lib/messages.ts";
import { startServerProcess } from "../lib/server-process.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("a message that nobody acknowledges", () => {
  test("comes again after 5, 10, 20, 40, then every 60 s, until it is received", async () => {
    const van = await fleet.device({ account: "north" });
    const messages = messagesOf(fleet, "north");
    const { id } = await messages.send(van.id);
    await van.next("ReceiveMessage");
    let times = 1;
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      clock.leap(seconds * 1_000 - 900);
      await aWhile(60);
      expect(shown(van).length, `before ${seconds} s`).toBe(times);
      clock.leap(900);
      await van.next("ReceiveMessage", ({ messageId }) => messageId === id);
      times += 1;
      expect(shown(van).length, `after ${seconds} s`).toBe(times);
    }
    await expect.poll(async () => (await messages.read(id)).sendCount).toBe(7);
    await van.invoke("MessageReceived", id);
    for (let count = 0; count < 5; count += 1) clock.leap(61_000);
    await aWhile();
    expect(shown(van).length).toBe(7);
    expect(await messages.read(id)).toMatchObject({ state: "received", sendCount: 7 });
  });

  test("comes on the newest of two connections, and on the other when that one goes", async () => {
    const bound = await fleet.pair("two");
    const old = await fleet.connectDevice(bound);
    const young = await fleet.connectDevice(bound);
    const { id } = await messagesOf(fleet, "two").send(bound.deviceId);
    await young.next("ReceiveMessage");
    clock.leap(5_100);
    await young.next("ReceiveMessage");
    expect(shown(old)).toEqual([]);
    await young.stop();
    expect(await old.next("ReceiveMessage")).toMatchObject({ messageId: id });
  });

  test("comes at every connect, the oldest first, each once", async () => {
    const messages = messagesOf(fleet, "returns");
    const bound = await fleet.pair("returns");
    const ids = [];
    for (const body of ["one", "two", "three"]) ids.push((await messages.send(bound.deviceId, body)).id);
    expect((await messages.read(String(ids[0]))).state).toBe("queued");
    const first = await fleet.connectDevice(bound);
    await first.next("ReceiveMessage", ({ body }) => body === "three");
    expect(shown(first)).toEqual(ids);
    await first.invoke("MessageReceived", ids[1]);
    await first.stop();
    const second = await fleet.connectDevice(bound);
    await second.next("ReceiveMessage", ({ body }) => body === "three");
    expect(shown(second)).toEqual([ids[0], ids[2]]);
  });

  test("lets 31 others be under way with it, and no more", async () => {
    const messages = messagesOf(fleet, "window");
    const van = await fleet.device({ account: "window" });
    const ids: string[] = [];
    for (let count = 0; count < 40; count += 1) ids.push((await messages.send(van.id, `No. ${count}`)).id);
    await expect.poll(() => shown(van).length).toBe(32);
    await aWhile();
    expect(shown(van)).toEqual(ids.slice(0, 32));
    for (const id of ids.slice(0, 5)) await van.invoke("MessageReceived", id);
    await expect.poll(() => shown(van).length).toBe(37);
    expect(shown(van)).toEqual(ids.slice(0, 37));
  });
});

describe("cancelling", () => {
  test("ends the delivery, shows the account, and may be repeated", async () => {
    const messages = messagesOf(fleet, "cancel");
    const van = await fleet.device({ account: "cancel" });
    const dashboard = await fleet.dashboard("cancel");
    const { id } = await messages.send(van.id);
    await van.next("ReceiveMessage");
    const cancelled = await messages.cancel(id);
    expect([cancelled.status, cancelled.body]).toMatchObject([
      200,
      { state: "cancelled", cancelledAt: expect.any(String) },
    ]);
    await dashboard.next("MessageUpdated", ({ message }) => (message as Message).state === "cancelled");
    expect(heardOf(dashboard, id)).toEqual([
      "MessageUpdated queued",
      "MessageUpdated sent",
      "MessageUpdated cancelled",
    ]);
    expect((await messages.cancel(id)).body).toEqual(cancelled.body);
    for (let count = 0; count < 5; count += 1) clock.leap(61_000);
    await aWhile();
    expect(shown(van).length).toBe(1);
    expect(heardOf(dashboard, id).length).toBe(3);
  });

  test("does not undo what the phone has", async () => {
    const messages = messagesOf(fleet, "cancel");
    const van = await fleet.device({ account: "cancel" });
    const { id } = await messages.send(van.id);
    await van.invoke("MessageSeen", id);
    const answer = await messages.cancel(id);
    expect([answer.status, answer.body]).toMatchObject([200, { state: "seen", cancelledAt: null }]);
  });

  test("is not undone by an acknowledgement that comes late, which is kept and told", async () => {
    const messages = messagesOf(fleet, "cancel");
    const van = await fleet.device({ account: "cancel" });
    const dashboard = await fleet.dashboard("cancel");
    const { id } = await messages.send(van.id);
    await messages.cancel(id);
    await van.invoke("MessageResponse", id, "Too late?");
    await dashboard.next("DeviceMessageResponse", ({ messageId }) => messageId === id);
    expect(await messages.read(id)).toMatchObject({
      state: "cancelled",
      responseText: "Too late?",
      receivedAt: expect.any(String),
    });
  });

  test("a message of another account is as if there were none", async () => {
    const { id } = await messagesOf(fleet, "cancel").send((await fleet.pair("cancel")).deviceId);
    const foreign = await messagesOf(fleet, "two").cancel(id);
    expect([foreign.status, foreign.body]).toMatchObject([404, { code: "not-found" }]);
    expect((await messagesOf(fleet, "cancel").read(id)).state).toBe("queued");
  });
});

describe("expiry", () => {
  test("shows by itself, after twelve hours when nothing else was said", async () => {
    const messages = messagesOf(fleet, "expiry");
    const { deviceId } = await fleet.pair("expiry");
    const dashboard = await fleet.dashboard("expiry");
    const soon = await messages.send(deviceId, "Soon", { expiresAt: new Date(clock.now() + 60_000).toISOString() });
    const usual = await messages.send(deviceId, "Usual");
    clock.leap(61_000);
    const expired = (id: string) => (named: Record<string, unknown>) => {
      const message = named["message"] as Message;
      return message.id === id && message.state === "expired";
    };
    await dashboard.next("MessageUpdated", expired(soon.id));
    expect((await messages.read(usual.id)).state).toBe("queued");
    for (let hour = 0; hour < 12; hour += 1) clock.leap(3_600_000);
    await fleet.signIn("expiry");
    await expect.poll(async () => (await messages.read(usual.id)).state).toBe("expired");
    await dashboard.stop();
    const van = await fleet.device({ account: "expiry" });
    await aWhile();
    expect(shown(van)).toEqual([]);
  });

  test("is seen to also when it fell due while the server was down", async () => {
    await using own = await startFleet({ clock });
    const messages = messagesOf(own, "north");
    const { deviceId } = await own.pair("north");
    const { id } = await messages.send(deviceId, "Soon", { expiresAt: new Date(clock.now() + 60_000).toISOString() });
    await own.stop();
    clock.leap(61_000);
    await own.start();
    expect((await messages.read(id)).state).toBe("expired");
  });

  test("does not change what was received", async () => {
    const messages = messagesOf(fleet, "in-time");
    const van = await fleet.device({ account: "in-time" });
    const { id } = await messages.send(van.id, "Soon", { expiresAt: new Date(clock.now() + 20_000).toISOString() });
    await van.invoke("MessageReceived", id);
    clock.leap(21_000);
    await aWhile();
    expect((await messages.read(id)).state).toBe("received");
    await van.invoke("MessageSeen", id);
    expect((await messages.read(id)).state).toBe("seen");
  });
});

test("unbinding a device cancels what was pending for it", async () => {
  const messages = messagesOf(fleet, "unbind");
  const { token } = await fleet.account("unbind");
  const van = await fleet.device({ account: "unbind" });
  const [pending, received] = [await messages.send(van.id, "one"), await messages.send(van.id, "two")];
  await van.invoke("MessageReceived", received.id);
  await fleet.rest(`DELETE /api/devices/${van.id}`, { token });
  expect(await messages.read(pending.id)).toMatchObject({ state: "cancelled" });
  expect(await messages.read(received.id)).toMatchObject({ state: "received" });
});

describe("what was promised survives", () => {
  test("a restart: everything pending is delivered, and what was acknowledged is not", async () => {
    await using own = await startFleet();
    const messages = messagesOf(own, "north");
    const bound = await own.pair("north");
    const van = await own.connectDevice(bound, { reconnect: [0, 50, 100, 200, 500, 1_000] });
    const ids: string[] = [];
    for (const body of ["one", "two", "three"]) ids.push((await messages.send(van.id, body)).id);
    await van.next("ReceiveMessage", ({ body }) => body === "three");
    await van.invoke("MessageReceived", ids[1]);
    await own.restart();
    await van.reconnected;
    await expect.poll(() => shown(van).slice(3)).toEqual([ids[0], ids[2]]);
    expect(await messages.read(String(ids[1]))).toMatchObject({ state: "received", sendCount: 1 });
  });

  test("the server being killed at that moment", async () => {
    await using server = await startServerProcess();
    const messages = messagesOf(server, "north");
    const bound = await server.pair("north");
    const van = await server.connectDevice(bound);
    const key = { "idempotency-key": "once" };
    const first = await messages.post({ deviceIds: [bound.deviceId], body: "Acknowledged" }, key);
    const acknowledged = String(first.body.items[0]?.id);
    await van.invoke("MessageResponse", acknowledged, "Yes");
    const sends = await Promise.all(["a", "b", "c"].map((body) => messages.send(bound.deviceId, body)));
    await server.kill("SIGKILL");
    await server.start();
    const back = await server.connectDevice(bound);
    await expect.poll(() => new Set(shown(back))).toEqual(new Set(sends.map(({ id }) => id)));
    expect(await messages.read(acknowledged)).toMatchObject({ state: "responded", responseText: "Yes" });
    const again = await messages.post({ deviceIds: [bound.deviceId], body: "Acknowledged" }, key);
    expect(again.body).toEqual(first.body);
  });
});
