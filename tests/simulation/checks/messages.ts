import { isDeepStrictEqual } from "node:util";
import type { Message, MessageState } from "@dsp-fleet/contract";
import type { Finding, History, LineLife } from "./history.ts";

const flightsAtMost = 32;
const newsMs = 1_000;
/** The first resend comes after 5 s; the way of the two may differ. */
const soonestResendMs = 4_400;
const deliveredWithinMs = 10_000;

const rank: Record<MessageState, number> = {
  queued: 0,
  sent: 1,
  received: 2,
  seen: 3,
  responded: 4,
  cancelled: 5,
  expired: 5,
};

/** D1–D7: kept, delivered until acknowledged, in order, once for each who was meant; the state never falls. */
export function checkMessages(history: History): Finding[] {
  const findings: Finding[] = [];
  const find = (promise: string, at: number, says: string) => void findings.push({ promise, at, says });
  const final = new Map(history.all("messages").flatMap(({ items }) => items.map((item) => [item.id, item] as const)));
  const answers = history.all("message-answered");
  const cancelled = new Set(history.all("cancel-asked").map(({ messageId }) => messageId));

  checkRequests(history, find);
  checkPhones(history, final, find);
  checkStates(history, final, find);

  const perDevice = new Map<number, number>();
  for (const { deviceId } of final.values()) perDevice.set(deviceId, (perDevice.get(deviceId) ?? 0) + 1);
  const arrivals = Map.groupBy(history.all("message-came"), (entry) => entry.messageId);
  const checked = new Set<string>();
  for (const { at, items } of answers) {
    for (const { id, deviceId, expiresAt } of items) {
      if (checked.has(id) || !history.phoneOf.has(deviceId) || history.unbindAskedAt.has(deviceId) || cancelled.has(id))
        continue;
      checked.add(id);
      const came = arrivals.get(id)?.[0]?.at ?? Number.POSITIVE_INFINITY;
      const until = Date.parse(expiresAt);
      if (until > history.endAt && came === Number.POSITIVE_INFINITY)
        find("D1 an accepted message reaches its device", history.endAt, `${id} never came to device ${deviceId}`);
      if ((perDevice.get(deviceId) ?? 0) > flightsAtMost - 4) continue;
      const line = firstLongLine(history, deviceId, at, Math.min(until, history.endAt));
      if (line !== null && came > line + deliveredWithinMs + newsMs)
        find("D1 a device that stays connected 10 s has it", line, `${id} did not come to device ${deviceId} in time`);
    }
  }
  return findings;
}

type Find = (promise: string, at: number, says: string) => void;

/** When a connection began, or the message was accepted on one, that then lasted for 10 s. */
function firstLongLine(history: History, deviceId: number, from: number, until: number): number | null {
  const who = history.phoneOf.get(deviceId);
  const opens = history.all("hub-open").filter((entry) => entry.deviceId === deviceId);
  for (const { at } of opens) {
    const line: LineLife | undefined = history.lines.find(
      (one) => one.who === who && one.upAt !== null && one.upAt <= at && one.deadAt > at && one.path === "/hubs/fleet",
    );
    if (line === undefined) continue;
    const start = Math.max(at, from);
    const end = start + deliveredWithinMs + newsMs;
    if (line.deadAt < end || until < end || !history.radioWasOn(line.who, start - 2, end)) continue;
    return history.diskWasFull(start - newsMs, end) ? null : start;
  }
  return null;
}

/** D2: one key, one message for each device. */
function checkRequests(history: History, find: Find): void {
  const known = new Map<string, string>();
  for (const { key, status, items, at } of history.all("message-answered")) {
    if (status !== 202) continue;
    const ids = items.map(({ id }) => id).join(" ");
    const before = known.get(key);
    known.set(key, ids);
    if (before !== undefined && before !== ids) find("D2 one key, one message", at, `${key}: ${before}, then ${ids}`);
  }
  for (const { who, at, items } of history.all("messages")) {
    const seen = new Set<string>();
    for (const { body, deviceId } of items) {
      const key = `${body} for device ${deviceId}`;
      if (seen.has(key)) find("D2 one key, one message", at, `${who} has ${key} twice`);
      seen.add(key);
    }
  }
}

type PhoneSoFar = {
  /** When each message came last on this connection. */
  readonly last: Map<string, number>;
  /** Came on this connection, and no acknowledgement was sent. */
  readonly open: Set<string>;
  readonly came: Set<string>;
  /** Body and device: two ids of one message are one too many. */
  readonly shown: Set<string>;
  /** The place of the newest that came. */
  newest: number;
};

const newPhone = (): PhoneSoFar => ({
  last: new Map(),
  open: new Set(),
  came: new Set(),
  shown: new Set(),
  newest: -1,
});

/** What phones may count on. */
function checkPhones(history: History, final: ReadonlyMap<string, Message>, find: Find): void {
  const acked = new Map<string, number>();
  for (const { messageId, at } of history.all("acked")) if (!acked.has(messageId)) acked.set(messageId, at);
  const ended = new Map<string, number>();
  for (const { messageId, state, at } of history.all("cancel-answered")) {
    if (state === "cancelled") ended.set(messageId, Math.min(at, ended.get(messageId) ?? at));
  }
  const askedToEnd = new Map(history.all("cancel-asked").map(({ messageId, at }) => [messageId, at]));
  const ends = new Map<string, number>();
  for (const { items } of history.all("message-answered"))
    for (const { id, expiresAt } of items) ends.set(id, Date.parse(expiresAt));
  const order = new Map([...final.keys()].toReversed().map((id, index) => [id, index]));
  const phones = new Map<string, PhoneSoFar>();

  for (const entry of history.entries) {
    if (entry.what === "hub-open" || entry.what === "phone-started") {
      const phone = phones.get(entry.who);
      phone?.last.clear();
      phone?.open.clear();
    }
    // Bound anew it is another device.
    if (entry.what === "bound") phones.delete(entry.who);
    if (entry.what === "ack-sent") phones.get(entry.who)?.open.delete(entry.messageId);
    if (entry.what === "message-shown") {
      const phone = phones.get(entry.who);
      const key = `${entry.body} ${entry.deviceId}`;
      if (phone?.shown.has(key) === true) find("D5 a message is shown once", entry.at, `${entry.who}: ${entry.body}`);
      phone?.shown.add(key);
    }
    if (entry.what !== "message-came") continue;
    const { who, at, messageId, deviceId } = entry;
    const phone = phones.get(who) ?? newPhone();
    phones.set(who, phone);
    const stored = final.get(messageId);
    const wasSilent = (ms: number) => !history.radioWasOn(who, at - ms, at);

    if (stored === undefined) {
      if (!history.unbindAskedAt.has(deviceId) && final.size > 0)
        find("a message is kept before it is sent", at, `${messageId} came to ${who}, and nobody knows it`);
      continue;
    }
    if (stored.deviceId !== deviceId)
      find("a message reaches the device that it is for", at, `${who} got one for device ${stored.deviceId}`);
    if (at > (ends.get(messageId) ?? Number.POSITIVE_INFINITY) + newsMs && !wasSilent(60_000))
      find("D7 an expired message is not sent", at, `${messageId} came to ${who}`);
    if (at > (acked.get(messageId) ?? Number.POSITIVE_INFINITY) + newsMs && !wasSilent(60_000))
      find("D3 a received message is not sent again", at, `${messageId} came to ${who}`);
    if (at > (ended.get(messageId) ?? Number.POSITIVE_INFINITY) + newsMs && !wasSilent(60_000))
      find("a cancelled message is not sent", at, `${messageId} came to ${who}`);

    const before = phone.last.get(messageId);
    phone.last.set(messageId, at);
    if (before !== undefined && at - before < soonestResendMs && !wasSilent(60_000))
      find("D3 one copy is under way at most", at, `${messageId} came to ${who} after ${at - before} ms`);
    if (before === undefined) {
      phone.open.add(messageId);
      // What was called off or has expired has left the server's window before the phone says anything of it.
      for (const id of phone.open) {
        if (at > (askedToEnd.get(id) ?? Number.POSITIVE_INFINITY) || at > (ends.get(id) ?? Number.POSITIVE_INFINITY))
          phone.open.delete(id);
      }
      if (phone.open.size > flightsAtMost) find("D7 at most 32 are under way", at, `${phone.open.size} at ${who}`);
    }
    const place = order.get(messageId) ?? -1;
    if (!phone.came.has(messageId)) {
      phone.came.add(messageId);
      if (place < phone.newest) find("D7 first sends keep the order of creation", at, `${messageId} at ${who}`);
      phone.newest = Math.max(phone.newest, place);
    }
  }
}

/** D4, D6, D10: what dashboards are told of a message only goes forward, and ends where the acknowledgements say. */
function checkStates(history: History, final: ReadonlyMap<string, Message>, find: Find): void {
  const told = new Map<string, Message>();
  const sinceOpen = new Map<string, Map<string, Message>>();
  for (const entry of history.entries) {
    if (entry.what === "hub-open") sinceOpen.set(entry.who, new Map());
    if (entry.what === "event" && entry.event === "MessageUpdated") {
      const message = entry.args[0] as Message;
      const key = `${entry.who} ${message.id}`;
      const before = told.get(key);
      if (before !== undefined && rank[message.state] < rank[before.state])
        find("D6 the state never falls", entry.at, `${key}: ${before.state}, then ${message.state}`);
      told.set(key, message);
      sinceOpen.get(entry.who)?.set(message.id, message);
    }
    if (entry.what !== "messages") continue;
    for (const item of entry.items) {
      const shown = sinceOpen.get(entry.who)?.get(item.id);
      if (shown !== undefined && !isDeepStrictEqual(shown, item))
        find(
          "D10 a dashboard shows what the server has",
          entry.at,
          `${JSON.stringify(shown)} for ${JSON.stringify(item)}`,
        );
    }
  }

  const kinds = Map.groupBy(history.all("acked"), ({ messageId }) => messageId);
  for (const [messageId, acks] of kinds) {
    const message = final.get(messageId);
    if (message === undefined || history.unbindAskedAt.has(message.deviceId)) continue;
    const has = (kind: string) => acks.some((ack) => ack.kind === kind);
    const least = has("response") ? "responded" : has("seen") ? "seen" : "received";
    const stamps = [message.receivedAt !== null, !has("seen") || message.seenAt !== null];
    if (
      rank[message.state] < rank[least] ||
      stamps.includes(false) ||
      (has("response") && message.respondedAt === null)
    )
      find("D4 an acknowledgement stays", history.endAt, `${messageId} is ${message.state} and was ${least}`);
  }
}
