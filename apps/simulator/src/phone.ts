import { createDevice, type Device, type DeviceState, type DeviceStore } from "@dsp-fleet/device-sdk";
import { createDriver } from "./driver/driver.ts";
import type { VanPlan } from "./fleet.ts";
import type { NetworkGate } from "./network-gate.ts";
import { createRandom } from "./random.ts";
import { considerReport, leaseAt, NOTHING_REPORTED } from "./vehicle/reporting.ts";
import type { Vehicle } from "./vehicle/vehicle.ts";

/** The phone in a van: looks at the van each second, and reports when the policy says so; its driver reads messages. */
export type Phone = AsyncDisposable & {
  readonly plan: VanPlan;
  readonly device: Device;
  /** Lets one second of the van's time pass. */
  readonly tick: (nowMs: number) => void;
  /** Resolves with the first state of these kinds, the present one included; rejects when the signal comes first. */
  readonly reaches: (kinds: readonly DeviceState["kind"][], signal: AbortSignal) => Promise<DeviceState>;
};

export type PhoneOptions = {
  readonly plan: VanPlan;
  readonly baseUrl: string;
  readonly vehicle: Vehicle;
  readonly store: DeviceStore;
  readonly gate: NetworkGate;
  readonly onProblem: (error: unknown) => void;
};

export const createPhone = ({ plan, baseUrl, vehicle, store, gate, onProblem }: PhoneOptions): Phone => {
  const device = createDevice({
    baseUrl,
    store,
    network: gate.network,
    onProblem,
    info: {
      platform: "android",
      model: plan.model,
      osVersion: plan.osVersion,
      appVersion: "1.0.0",
      appLanguage: plan.appLanguage,
    },
  });
  const driver = createDriver(createRandom(plan.seed).stream("driver"), plan.appLanguage);
  device.onMessage(({ messageId }) => driver.shown(messageId));
  let policy = NOTHING_REPORTED;
  let atSeconds = 0;

  return {
    plan,
    device,
    tick(nowMs) {
      atSeconds += 1;
      const { hasNetwork, ...reading } = vehicle.step(1);
      // A phone that nobody owns yet is set up in the depot, where there is a network.
      const isOwned = device.state.kind === "connected" || device.state.kind === "offline";
      gate.set(hasNetwork || !isOwned);
      if (!isOwned) return;
      const considered = considerReport(
        policy,
        { atSeconds, ...reading },
        leaseAt(device.fastLocation, atSeconds, nowMs),
      );
      policy = considered.state;
      for (const reaction of driver.step(reading.state === "stopped")) {
        const said =
          reaction.kind === "sees"
            ? device.seen(reaction.messageId)
            : device.respond(reaction.messageId, reaction.responseText);
        said.catch(onProblem);
      }
      if (considered.reason !== null) device.report({ atMs: nowMs, ...reading }).catch(onProblem);
    },
    reaches: (kinds, signal) =>
      new Promise((resolve, reject) => {
        const settle = (then: () => void): void => {
          forget();
          signal.removeEventListener("abort", stop);
          then();
        };
        const stop = (): void => settle(() => reject(signal.reason));
        const look = (state: DeviceState): void => {
          if (kinds.includes(state.kind)) settle(() => resolve(state));
        };
        const forget = device.onState(look);
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        look(device.state);
      }),
    [Symbol.asyncDispose]: () => device.stop(),
  };
};
