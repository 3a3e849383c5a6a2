import type { Device } from "@dsp-fleet/contract";
import type { Finding, History } from "./history.ts";
import { createView, type View } from "./views.ts";

/** A crash may cost the last second of live fixes, and what was on its way. */
const liveLossMs = 2_500;
const inFlightMs = 1_000;

/** G4, G5, and that what was acknowledged is shown: the last position of each device, on every dashboard. */
export function checkPositions(history: History): Finding[] {
  const findings: Finding[] = [];
  const dashboards = new Set(history.all("signed-in").map(({ who }) => who));
  const indexes = new Map(history.all("phone-started").map(({ who, index }) => [who, index]));
  const views = new Map<string, View>();
  /** dashboard and device → time of the fix in the last event of this connection. */
  const told = new Map<string, number>();
  const floor = durableFloor(history);

  function look(who: string, at: number, device: Device): void {
    if (device.lastLocationAt === null) return;
    const time = Date.parse(device.lastLocationAt);
    const phone = history.phoneOf.get(device.id);
    const index = phone === undefined ? undefined : indexes.get(phone);
    const find = (promise: string, says: string) =>
      findings.push({ promise, at, says: `${who}, device ${device.id}: ${says}` });
    if (index !== undefined && Math.floor(device.lastLat ?? 0) !== 10 + index)
      find("a position is its own device's", `latitude ${device.lastLat} is not of ${phone}`);
    if (time > at) find("G5 a future stamp never poisons the latest", `${device.lastLocationAt} is later than now`);

    const least = floor(device.id, at);
    if (time < least) find("what was acknowledged is not behind what is shown", `${least - time} ms older than it`);
  }

  function hear(who: string, at: number, [deviceId, , , , lastLocationAt]: readonly unknown[]): void {
    if (typeof lastLocationAt !== "string") return;
    const key = `${who} ${String(deviceId)}`;
    const time = Date.parse(lastLocationAt);
    const before = told.get(key) ?? time;
    told.set(key, time);
    if (time >= before) return;
    const says = `${who}, device ${String(deviceId)}: ${before - time} ms back`;
    findings.push({ promise: "G4 the last position only moves forward", at, says });
  }

  for (const entry of history.entries) {
    if (!dashboards.has(entry.who)) continue;
    if (entry.what === "hub-open") for (const key of told.keys()) if (key.startsWith(`${entry.who} `)) told.delete(key);
    if (entry.what === "event" && entry.event === "DeviceUpdated") hear(entry.who, entry.at, entry.args);
    const view = views.get(entry.who) ?? createView();
    views.set(entry.who, view);
    for (const deviceId of view.take(entry)) {
      const device = view.devices.get(deviceId);
      if (device !== undefined) look(entry.who, entry.at, device);
    }
  }
  return findings;
}

/** The time that the last position of a device must have at a moment: of the newest fix that is durable by promise. */
function durableFloor(history: History): (deviceId: number, at: number) => number {
  const marks = new Map<number, { from: number; time: number }[]>();
  const mark = (deviceId: number, from: number, time: number) => {
    const list = marks.get(deviceId) ?? [];
    marks.set(deviceId, list);
    list.push({ from, time });
  };
  const sent = new Map(history.all("samples-sent").map((entry) => [`${entry.who} ${entry.call}`, entry]));
  for (const { who, call, deviceId, at, receipt } of history.all("samples-answered")) {
    const batch = sent.get(`${who} ${call}`);
    if (batch === undefined || receipt.rejected.length > batch.bad.length || batch.keys.length === 0) continue;
    mark(deviceId, at + inFlightMs, Math.min(Math.max(...batch.keys), batch.at));
  }
  const lives = new Map(history.all("live-sent").map((entry) => [`${entry.who} ${entry.call}`, entry]));
  for (const { who, call, deviceId, at } of history.all("live-answered")) {
    const report = lives.get(`${who} ${call}`);
    const isLost = history.deaths.some((death) => death > at - inFlightMs && death < at + liveLossMs);
    if (report === undefined || isLost || history.diskWasFull(at - inFlightMs, at + 10_000)) continue;
    mark(deviceId, at + liveLossMs, report.at);
  }
  return (deviceId, at) =>
    Math.max(0, ...(marks.get(deviceId) ?? []).flatMap(({ from, time }) => (from <= at ? [time] : [])));
}
