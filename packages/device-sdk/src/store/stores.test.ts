import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { DeviceStore, QueuedFix } from "./device-store.ts";
import { memoryStore } from "./memory-store.ts";
import type { Said } from "./message-store.ts";
import { openDeviceStores } from "./sqlite-store.ts";

const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0).toReversed()) one();
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "phones-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function sqliteStore(): DeviceStore {
  const stores = openDeviceStores(join(aFolder(), "sub", "phones.sqlite"));
  undo.push(() => stores[Symbol.dispose]());
  return stores.store("van-1");
}

function aFix(atMs: number, afterGap = false): QueuedFix {
  return { atMs, afterGap, sample: { atUtc: new Date(atMs).toISOString(), lat: 41, lon: 2 } };
}

const timesOf = (fixes: readonly QueuedFix[]): number[] => fixes.map(({ atMs }) => atMs);

const bound = {
  deviceId: 7,
  accountId: 1,
  signalREndpoint: "https://fleet.test/hubs/fleet",
  name: "Van 7",
  identifier: null,
  accessToken: "token",
  speedUnit: "kmh" as const,
  country: "ES",
  accountTimezone: "Europe/Madrid",
  periodicAirplaneModeOff: false,
};

describe.each([
  ["in memory", memoryStore],
  ["in SQLite", sqliteStore],
])("a store %s", (_, open) => {
  test("keeps who the phone is, until it is wiped", async () => {
    const store = open();
    expect(await store.readIdentity()).toBeNull();
    await store.writeIdentity({ deviceGuid: "ab", bound: null });
    await store.writeIdentity({ deviceGuid: "ab", bound });
    await store.append(aFix(1));
    expect(await store.readIdentity()).toEqual({ deviceGuid: "ab", bound });
    await store.wipe();
    expect(await store.readIdentity()).toBeNull();
    expect(await store.count()).toBe(0);
  });

  test("keeps a fix once, whatever is given again", async () => {
    const store = open();
    expect(await store.append(aFix(5))).toBe(true);
    expect(await store.append(aFix(5))).toBe(false);
    expect(await store.remove([5, 6])).toBe(1);
    expect(await store.remove([5])).toBe(0);
  });

  test("reads either end in the order of time, whatever the order of arrival", async () => {
    const store = open();
    for (const atMs of [3, 1, 5, 2, 4]) await store.append(aFix(atMs));
    expect(timesOf(await store.read("oldest", 2))).toEqual([1, 2]);
    expect(timesOf(await store.read("newest", 2))).toEqual([4, 5]);
    expect(await store.read("oldest", 1)).toEqual([aFix(1)]);
  });

  test("the ring drops what is too old, then the oldest, and firsts after a gap last", async () => {
    const store = open();
    for (const atMs of [1, 2, 3, 4, 5, 6]) await store.append(aFix(atMs, atMs === 1 || atMs === 4));
    expect(await store.trim({ maximum: 100, olderThanMs: 3 })).toBe(1);
    expect(timesOf(await store.read("oldest", 9))).toEqual([1, 3, 4, 5, 6]);
    expect(await store.trim({ maximum: 3, olderThanMs: 0 })).toBe(2);
    expect(timesOf(await store.read("oldest", 9))).toEqual([1, 4, 6]);
    expect(await store.trim({ maximum: 1, olderThanMs: 0 })).toBe(2);
    expect(timesOf(await store.read("oldest", 9))).toEqual([4]);
  });
});

type Saying = { kind: "keep" | "say" | "settle"; messageId: string; said: Said } | { kind: "forget"; beforeMs: number };
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.constant<Said>({ kind: "received" }),
  fc.constant<Said>({ kind: "seen" }),
  fc.record({ kind: fc.constant("responded" as const), responseText: fc.constantFrom("yes", "no") }),
);
const saying: fc.Arbitrary<Saying> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom("keep" as const, "say" as const, "settle" as const),
      messageId: fc.constantFrom("a", "b", "c"),
      said,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), beforeMs: fc.nat(20) }) },
);

test("both stores keep messages alike: the same steps give the same answers, and leave the same to be shown and said", async () => {
  const stores = openDeviceStores(join(aFolder(), "phones.sqlite"));
  undo.push(() => stores[Symbol.dispose]());
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(saying, { maxLength: 20 }), async (steps) => {
      const pair = [memoryStore(), stores.store(`van-${run++}`)];
      const results = await Promise.all(
        pair.map(async ({ messages }) => {
          const answers = steps.map(async (one, at) => {
            switch (one.kind) {
              case "keep":
                return messages.keep({ messageId: one.messageId, body: "Call", displaySeconds: 30 }, at);
              case "say":
                return one.said.kind === "received" ? null : messages.say(one.messageId, one.said);
              case "settle":
                return messages.settle({ messageId: one.messageId, said: one.said });
              case "forget":
                return messages.forget(one.beforeMs);
            }
          });
          return { answers: await Promise.all(answers), unseen: await messages.unseen(), owed: await messages.owed(9) };
        }),
      );
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: 100 },
  );
});

describe.each([
  ["in memory", memoryStore],
  ["in SQLite", sqliteStore],
])("messages %s", (_, open) => {
  const message = { messageId: "m", body: "Call", displaySeconds: 30 };

  test("are kept once, and each time they come an acknowledgement is owed", async () => {
    const { messages } = open();
    expect(await messages.keep(message, 1)).toBe(true);
    await messages.settle({ messageId: "m", said: { kind: "received" } });
    expect(await messages.owed(9)).toEqual([]);
    expect(await messages.keep(message, 2)).toBe(false);
    expect(await messages.owed(9)).toEqual([{ messageId: "m", said: { kind: "received" } }]);
    expect(await messages.unseen()).toEqual([message]);
  });

  test("owe what was said last, also when it was said while the one before was on its way", async () => {
    const { messages } = open();
    await messages.keep(message, 1);
    const [received] = await messages.owed(9);
    await messages.say("m", { kind: "responded", responseText: "Yes" });
    await messages.say("m", { kind: "responded", responseText: "No" });
    await messages.say("m", { kind: "seen" });
    if (received !== undefined) await messages.settle(received);
    expect(await messages.owed(9)).toEqual([{ messageId: "m", said: { kind: "responded", responseText: "Yes" } }]);
    expect(await messages.unseen()).toEqual([]);
  });

  test("go with the rest when the phone is wiped", async () => {
    const store = open();
    await store.messages.keep(message, 1);
    await store.wipe();
    expect(await store.messages.unseen()).toEqual([]);
  });
});

type Step =
  | { kind: "append" | "remove"; atMs: number; afterGap: boolean }
  | { kind: "trim"; maximum: number; olderThanMs: number };
const atMs = fc.integer({ min: 0, max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), atMs, afterGap: fc.boolean() }),
  fc.record({ kind: fc.constant("remove" as const), atMs, afterGap: fc.boolean() }),
  fc.record({ kind: fc.constant("trim" as const), maximum: fc.integer({ min: 0, max: 20 }), olderThanMs: atMs }),
);

test("both stores are one: the same steps give the same answers", async () => {
  const stores = openDeviceStores(join(aFolder(), "phones.sqlite"));
  undo.push(() => stores[Symbol.dispose]());
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const pair = [memoryStore(), stores.store(`van-${run++}`)];
      const results = await Promise.all(
        pair.map(async (store) => {
          // Given all at once: they take effect in the order given, and share a commit.
          const answers = steps.map((one) => {
            switch (one.kind) {
              case "append":
                return store.append(aFix(one.atMs, one.afterGap));
              case "remove":
                return store.remove([one.atMs]);
              case "trim":
                return store.trim(one);
            }
          });
          return { answers: await Promise.all(answers), left: await store.read("newest", 99) };
        }),
      );
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: 40 },
  );
});

test("many phones share a file and nothing else", async () => {
  const stores = openDeviceStores(join(aFolder(), "phones.sqlite"));
  undo.push(() => stores[Symbol.dispose]());
  const [one, other] = [stores.store("one"), stores.store("other")];
  await Promise.all([one.append(aFix(1)), other.append(aFix(1)), other.append(aFix(2))]);
  await one.wipe();
  expect(await one.count()).toBe(0);
  expect(await other.count()).toBe(2);
});

test("what was said to be kept is there after the process was killed", async () => {
  const file = join(aFolder(), "phones.sqlite");
  const script = `
    import { openDeviceStores } from ${JSON.stringify(new URL("./sqlite-store.ts", import.meta.url).href)};
    const store = openDeviceStores(process.argv[1]).store("van-1");
    await Promise.all([1, 2, 3].map((atMs) => store.append({ atMs, afterGap: false, sample: { atUtc: "", lat: 1, lon: 2 } })));
    process.kill(process.pid, "SIGKILL");`;
  const killed = spawnSync(process.execPath, ["--input-type=module", "-e", script, file]);
  expect(killed.signal).toBe("SIGKILL");
  const stores = openDeviceStores(file);
  undo.push(() => stores[Symbol.dispose]());
  expect(await stores.store("van-1").count()).toBe(3);
});

test("a write that fails says so to each who waits for it", async () => {
  const stores = openDeviceStores(join(aFolder(), "phones.sqlite"));
  const store = stores.store("van-1");
  stores[Symbol.dispose]();
  const writes = await Promise.allSettled([store.append(aFix(1)), store.append(aFix(2))]);
  expect(writes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
