import { createVirtualClock } from "@dsp-fleet/signalr/testing";
import { expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { createPresence } from "./presence.ts";

function aPhone() {
  const time = createVirtualClock();
  const clock: Clock = {
    now: time.now,
    after(ms, run) {
      const timer = time.setTimeout(run, ms);
      return () => time.clearTimeout(timer);
    },
  };
  const told: boolean[] = [];
  const device = { id: 7, isConnected: false } as LiveDevice;
  const presence = createPresence(clock, ({ isConnected }) => void told.push(isConnected));
  return { presence, device, told, passes: time.advance };
}

test("a phone whose connection closed is away after 10 s", () => {
  const { presence, device, told, passes } = aPhone();
  presence.connected(device);
  presence.disconnected(device, "closed");
  passes(9_999);
  expect(told).toEqual([true]);
  passes(1);
  expect(told).toEqual([true, false]);
});

test("a phone that has been silent all the while is away at once", () => {
  const { presence, device, told } = aPhone();
  presence.connected(device);
  presence.disconnected(device, "silent");
  expect(told).toEqual([true, false]);
});

test("a connection that was long dead does not cut short the 10 s of one that has just closed", () => {
  const { presence, device, told, passes } = aPhone();
  presence.connected(device);
  presence.connected(device);
  presence.disconnected(device, "closed");
  passes(2_000);
  presence.disconnected(device, "silent");
  passes(7_999);
  expect(told).toEqual([true, true]);
  presence.connected(device);
  passes(60_000);
  expect(told).toEqual([true, true, true]);
});

test("a phone is away 10 s after its last close, also when a dead connection is noticed in between", () => {
  const { presence, device, told, passes } = aPhone();
  presence.connected(device);
  presence.connected(device);
  presence.disconnected(device, "closed");
  passes(2_000);
  presence.disconnected(device, "silent");
  passes(8_000);
  expect(told).toEqual([true, true, false]);
});

test("a close that only tells what was dead for 26 s does not make a phone seem there for 36", () => {
  const { presence, device, told, passes } = aPhone();
  presence.connected(device);
  presence.disconnected(device, "closed", 26_000);
  passes(7_999);
  expect(told).toEqual([true]);
  passes(1);
  expect(told).toEqual([true, false]);
});
