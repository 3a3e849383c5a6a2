import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DeviceBound, Message } from "@dsp-fleet/contract";
import { expect, test } from "vitest";
import { aWhile } from "../lib/hub-client.ts";
import { sampleAt } from "../lib/samples.ts";
import { type ServerProcess, startServerProcess } from "../lib/server-process.ts";

/** With KILL_CYCLES more or fewer. */
const cycles = Number(process.env["KILL_CYCLES"] ?? 100);
const phones = 4;
const batchSize = 5;

/** What a phone knows: it outlives every server. */
type Phone = {
  readonly bound: DeviceBound;
  /** Times of fixes that were answered for. */
  readonly acknowledged: number[];
  /** Message ids in the order shown. */
  readonly shown: string[];
  /** Ids whose MessageReceived was answered. */
  readonly received: Set<string>;
  /** Ids that came again after that. */
  readonly again: string[];
  nextFixAt: number;
};

/** Drives until the server is gone: fixes in batches, messages shown once and acknowledged. */
async function drive(server: ServerProcess, phone: Phone, isOver: () => boolean): Promise<void> {
  const hub = await server.connectDevice(phone.bound).catch(() => null);
  if (hub === null) return;
  const acknowledge = (messageId: string) =>
    hub.connection.invoke("MessageReceived", messageId).then(
      () => phone.received.add(messageId),
      () => undefined,
    );
  hub.connection.on("ReceiveMessage", (messageId: string) => {
    if (phone.received.has(messageId)) phone.again.push(messageId);
    if (!phone.shown.includes(messageId)) phone.shown.push(messageId);
    void acknowledge(messageId);
  });
  // The answer may have died with the server before this one.
  for (const messageId of phone.shown) if (!phone.received.has(messageId)) void acknowledge(messageId);
  while (!isOver()) {
    const times = Array.from({ length: batchSize }, () => ++phone.nextFixAt);
    const samples = times.map((at) => sampleAt(at));
    const receipt = await hub.connection.invoke<{ accepted: number }>("ReportSamples", samples).catch(() => null);
    if (receipt === null) break;
    expect(receipt.accepted).toBe(batchSize);
    phone.acknowledged.push(...times);
    await aWhile(10);
  }
  await hub.stop().catch(() => undefined);
}

/** Sends one message after the other; one whose answer was lost again, under its key. */
async function dispatch(server: ServerProcess, token: string, to: readonly Phone[], orders: Orders): Promise<void> {
  for (;;) {
    const { key, deviceId, body } = orders.open ?? orders.next(to);
    const answer = await server
      .rest<{ items: Message[] }>("POST /api/messages", {
        token,
        body: { deviceIds: [deviceId], body },
        headers: { "idempotency-key": key },
      })
      .catch(() => null);
    if (answer === null) return;
    expect(answer.status, answer.text).toBe(202);
    for (const { id } of answer.body.items) orders.accepted.set(id, deviceId);
    orders.open = null;
    await aWhile(40);
  }
}

type Order = { key: string; deviceId: number; body: string };
type Orders = {
  open: Order | null;
  /** message → device */
  readonly accepted: Map<string, number>;
  next(to: readonly Phone[]): Order;
};

function createOrders(): Orders {
  let count = 0;
  const orders: Orders = {
    open: null,
    accepted: new Map(),
    next(to) {
      count += 1;
      const deviceId = to[count % to.length]?.bound.deviceId ?? 0;
      orders.open = { key: `order-${count}`, deviceId, body: `message ${count}` };
      return orders.open;
    },
  };
  return orders;
}

test(`killed ${cycles} times under load, the server has lost nothing that it answered for, and nothing is shown twice`, async () => {
  await using server = await startServerProcess();
  const { token } = await server.account("north");
  const firstFixAt = Date.now() - 20 * 24 * 3_600_000;
  const all: Phone[] = [];
  for (let index = 0; index < phones; index += 1) {
    const bound = await server.pair("north", { name: `Van ${index}` });
    const sets = { acknowledged: [], shown: [], received: new Set<string>(), again: [] };
    all.push({ bound, ...sets, nextFixAt: firstFixAt });
  }
  const orders = createOrders();

  for (let cycle = 0; cycle < cycles; cycle += 1) {
    let over = false;
    const before = all.map(({ acknowledged }) => acknowledged.length);
    const work = [...all.map((phone) => drive(server, phone, () => over)), dispatch(server, token, all, orders)];
    const deadline = Date.now() + 20_000;
    while (all.some((phone, index) => phone.acknowledged.length === before[index]) && Date.now() < deadline)
      await aWhile(5);
    // Spread over the moments of a write, without chance.
    await aWhile((cycle * 13) % 97);
    expect(await server.kill("SIGKILL")).toMatchObject({ signal: "SIGKILL" });
    over = true;
    await Promise.all(work);
    await server.start();
  }

  let over = false;
  const work = all.map((phone) => drive(server, phone, () => over));
  const missing = () => [...orders.accepted].filter(([id, device]) => !phoneOf(device).received.has(id));
  const phoneOf = (deviceId: number): Phone => {
    const phone = all.find(({ bound }) => bound.deviceId === deviceId);
    if (phone === undefined) throw new Error(`no phone is device ${deviceId}`);
    return phone;
  };
  const deadline = Date.now() + 30_000;
  while (missing().length > 0 && Date.now() < deadline) await aWhile(50);
  expect(missing()).toEqual([]);
  over = true;
  await Promise.all(work);
  await server.kill("SIGKILL");

  using database = new DatabaseSync(join(server.dataDir, "dsp-fleet.sqlite"), { readOnly: true });
  const fixes = database.prepare("select at_ms from location_samples where device_id = ?");
  const messages = database.prepare("select message_id, body, state from messages where device_id = ?");
  for (const { bound, acknowledged, shown, received, again } of all) {
    const kept = new Set(fixes.all(bound.deviceId).map((row) => row["at_ms"]));
    expect(acknowledged.filter((at) => !kept.has(at))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(cycles);
    const rows = messages.all(bound.deviceId);
    const bodies = rows.filter((row) => shown.includes(String(row["message_id"]))).map((row) => row["body"]);
    expect(new Set(bodies).size, "two ids of one message").toBe(shown.length);
    expect(again, "sent again after MessageReceived was answered").toEqual([]);
    const states = new Map(rows.map((row) => [row["message_id"], row["state"]]));
    expect([...received].filter((id) => states.get(id) !== "received")).toEqual([]);
  }
  expect(orders.accepted.size).toBeGreaterThan(cycles / 2);
});
