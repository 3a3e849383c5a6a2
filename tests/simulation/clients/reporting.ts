import type { DeviceBound, SamplesReceipt } from "@dsp-fleet/contract";
import type { HubClient } from "./hub-client.ts";
import type { PhoneLife } from "./phone.ts";

/** A phone's fixes: kept until they are acknowledged, sent again until then, and sometimes after. */
export type Reporting = {
  online(hub: HubClient, bound: DeviceBound): void;
  offline(): void;
  unbound(): void;
  park(): void;
  audit(): void;
};

type Sample = { atUtc: string; lat: number; lon: number };
type Bad = { sample: unknown; why: string };

const batchSize = 20;
/** As many as one call may carry. */
const auditBatch = 500;

export function createReporting(phone: PhoneLife): Reporting {
  const { dice } = phone;
  /** In flash: what is not acknowledged yet, and what is. */
  const waiting = new Map<number, Sample>();
  const kept = new Map<number, Sample>();
  const used = new Set<number>();
  let fixes = 0;
  let calls = 0;
  let deviceId = 0;
  let hub: HubClient | null = null;
  let driving = false;
  let parked = false;

  const position = (fix: number) => ({ lat: 10 + phone.index + (fix % 90_000) / 100_000, lon: 2 + fix / 100_000 });

  function takeFix(): Sample {
    let at = phone.now();
    while (used.has(at)) at += 2;
    used.add(at);
    const sample = { atUtc: new Date(at).toISOString(), ...position(++fixes) };
    waiting.set(at, sample);
    return sample;
  }

  function badSample(): Bad {
    const good = { atUtc: new Date(phone.now() + 4).toISOString(), ...position(0) };
    return dice.pick([
      { sample: { ...good, lat: 91 }, why: "invalid" },
      { sample: { ...good, atUtc: "yesterday" }, why: "invalid" },
      { sample: null, why: "invalid" },
      { sample: { ...good, atUtc: new Date(phone.now() + 7 * 86_400_000).toISOString() }, why: "future" },
      { sample: { ...good, atUtc: new Date(phone.now() - 70 * 86_400_000).toISOString() }, why: "too-old" },
    ]);
  }

  function sendBatch(): void {
    if (hub === null || deviceId === 0) return;
    const batch = new Map([...waiting].slice(0, batchSize));
    if (kept.size > 0 && dice.chance(0.15)) {
      const [key, sample] = dice.pick([...kept]);
      batch.set(key, sample);
    }
    if (batch.size === 0) return;
    send(batch, dice.chance(0.1) ? badSample() : null, false);
  }

  function send(batch: ReadonlyMap<number, Sample>, bad: Bad | null, audit: boolean): void {
    const call = ++calls;
    const samples: unknown[] = [...batch.values()];
    const index = dice.between(0, samples.length);
    if (bad !== null) samples.splice(index, 0, bad.sample);
    const keys = [...batch.keys()];
    const device = deviceId;
    phone.write({
      what: "samples-sent",
      deviceId,
      call,
      keys,
      bad: bad === null ? [] : [{ index, why: bad.why }],
      audit,
    });
    hub?.invoke("ReportSamples", [samples], (outcome) => {
      if (outcome.kind === "error") phone.write({ what: "call-failed", method: "ReportSamples", error: outcome.error });
      if (outcome.kind !== "result") return;
      const receipt = outcome.result as SamplesReceipt;
      phone.write({ what: "samples-answered", deviceId: device, call, receipt });
      const rejected = new Set(receipt.rejected.map((one) => one.index));
      const order = bad === null ? keys : keys.toSpliced(index, 0, Number.NaN);
      for (const [at, key] of order.entries()) {
        const sample = batch.get(key);
        if (sample === undefined || device !== deviceId) continue;
        waiting.delete(key);
        if (!rejected.has(at)) kept.set(key, sample);
      }
    });
  }

  function drive(): void {
    if (parked) return;
    const { lat, lon } = takeFix();
    if (hub !== null && dice.chance(0.7)) {
      const call = ++calls;
      const device = deviceId;
      phone.write({ what: "live-sent", deviceId: device, call, lat, lon });
      hub.invoke("ReportLocation", [lat, lon, dice.between(5, 100)], (outcome) => {
        if (outcome.kind === "result") phone.write({ what: "live-answered", deviceId: device, call });
        if (outcome.kind === "error")
          phone.write({ what: "call-failed", method: "ReportLocation", error: outcome.error });
      });
    }
    if (dice.chance(0.5)) sendBatch();
    phone.later(dice.between(2_000, 9_000), drive);
  }

  return {
    online(open, bound) {
      hub = open;
      deviceId = bound.deviceId;
      hub.invoke("ReportDeviceInfo", [50, `${phone.markerOf(bound.accountId)} ${phone.name}`, "en"], () => {});
      sendBatch();
      if (driving) return;
      driving = true;
      phone.later(dice.between(0, 3_000), drive);
    },
    offline() {
      hub = null;
    },
    unbound() {
      hub = null;
      deviceId = 0;
      waiting.clear();
      kept.clear();
      used.clear();
    },
    park() {
      parked = true;
      sendBatch();
    },
    audit() {
      const all = [...kept];
      for (let at = 0; at < all.length; at += auditBatch) send(new Map(all.slice(at, at + auditBatch)), null, true);
    },
  };
}
