import { type EventArgs, type FleetHub, fleetHub } from "@dsp-fleet/contract";
import { createHubClient, FleetError, type HubConnectionLike } from "@dsp-fleet/fleet-client";
import { describe, expect, test, vi } from "vitest";
import { aDevice, after, anUpdate, nine } from "./a-device.ts";
import { createDeviceTable } from "./device-table.ts";
import { createLiveFeed, type LiveFeedOptions } from "./live-feed.ts";

type Snapshot = Awaited<ReturnType<LiveFeedOptions["rest"]["fleetLive"]>>;

/** A screen whose line, server and clock the test holds in its hands. */
const aScreen = () => {
  let localNow = nine;
  const timers: (() => void)[] = [];
  const clock = {
    now: () => localNow,
    after(_: number, action: () => void) {
      timers.push(action);
      return () => void timers.splice(timers.indexOf(action) >>> 0, 1);
    },
  };
  let handlers = new Map<string, (args: readonly unknown[]) => void>();
  let close: (problem: string) => void = () => {};
  let isReachable = true;
  const hub = createHubClient(fleetHub, {
    baseUrl: "",
    accessToken: () => "token",
    clock,
    openConnection: (): HubConnectionLike => {
      const mine = new Map<string, (args: readonly unknown[]) => void>();
      return {
        async start() {
          if (!isReachable) throw new Error("no network");
          handlers = mine;
        },
        stop: async () => {},
        invoke: async () => null,
        on: (event, handler) => void mine.set(event, handler),
        onClose: (handler) => {
          close = handler;
        },
      };
    },
  });
  const answers: { resolve: (snapshot: Snapshot) => void; reject: (error: unknown) => void }[] = [];
  const table = createDeviceTable(() => localNow);
  const feed = createLiveFeed({
    hub,
    rest: { fleetLive: () => new Promise((resolve, reject) => answers.push({ resolve, reject })) },
    table,
    clock,
    random: () => 0.5,
    now: () => localNow,
  });
  const settled = () => vi.waitFor(() => expect(answers.length).toBeGreaterThan(0));
  return {
    table,
    feed,
    reports: (update: EventArgs<FleetHub, "DeviceUpdated">) => handlers.get("DeviceUpdated")?.(Object.values(update)),
    async answers(devices: Snapshot["devices"]) {
      await settled();
      answers.shift()?.resolve({ rev: 1, devices });
      await Promise.resolve();
    },
    async fails() {
      await settled();
      answers.shift()?.reject(new FleetError("unreachable", { status: null, detail: "no network" }));
      await Promise.resolve();
    },
    loses() {
      isReachable = false;
      close("the network went away");
    },
    returns() {
      isReachable = true;
      for (const action of timers.splice(0)) action();
    },
    wait: (ms: number) => {
      localNow += ms;
    },
  };
};

const at = (second: number) => ({ lastLat: 41 + second / 1000, lastLon: 2, lastLocationAt: after(second) });

describe("the live line", () => {
  test("is live only with both connection and snapshot", async () => {
    const screen = aScreen();
    screen.feed.start();
    expect(screen.feed.state().kind).toBe("connecting");
    await screen.answers([aDevice()]);
    await vi.waitFor(() => expect(screen.feed.state().kind).toBe("live"));
    expect(screen.table.size()).toBe(1);
  });

  test("keeps what was reported while the snapshot was on its way", async () => {
    const screen = aScreen();
    screen.feed.start();
    await vi.waitFor(() => screen.reports(anUpdate(at(9))));
    await screen.answers([aDevice(at(3))]);
    await vi.waitFor(() => expect(screen.table.get(7)?.fix?.lat).toBeCloseTo(41.009, 9));
  });

  test("says since when it is paused, and takes the whole account anew when it is back", async () => {
    const screen = aScreen();
    screen.feed.start();
    await screen.answers([aDevice(), aDevice({ id: 8, name: "Van 08" })]);
    await vi.waitFor(() => expect(screen.feed.state().kind).toBe("live"));
    screen.wait(5000);
    screen.loses();
    screen.wait(60_000);
    expect(screen.feed.state()).toEqual({ kind: "paused", sinceMs: nine + 5000 });
    screen.returns();
    await screen.answers([aDevice(at(60))]);
    await vi.waitFor(() => expect(screen.feed.state().kind).toBe("live"));
    expect(screen.table.get(8)).toBeUndefined();
    expect(screen.table.get(7)?.fix?.at).toBe(nine + 60_000);
  });

  test("tells why the vans are missing, and tries again by itself", async () => {
    const screen = aScreen();
    screen.feed.start();
    await screen.fails();
    await vi.waitFor(() => expect(screen.feed.problem()).toMatchObject({ code: "unreachable" }));
    screen.returns();
    await screen.answers([aDevice()]);
    await vi.waitFor(() => expect(screen.feed.state().kind).toBe("live"));
    expect(screen.feed.problem()).toBeNull();
  });

  test("forgets the account when it ends", async () => {
    const screen = aScreen();
    screen.feed.start();
    await screen.answers([aDevice()]);
    await vi.waitFor(() => expect(screen.table.size()).toBe(1));
    screen.feed.stop();
    expect([screen.table.size(), screen.table.isLoaded(), screen.feed.state().kind]).toEqual([0, false, "connecting"]);
  });
});
