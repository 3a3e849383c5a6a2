import { hubLimits } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import type { LiveDevice } from "../devices/live-device.ts";

export type Presence = {
  connected(device: LiveDevice): void;
  /** `silent` when the connection was given up for lack of any sign: the wait is over then already. */
  disconnected(device: LiveDevice, how: "closed" | "silent"): void;
  forget(deviceId: number): void;
};

type Seen = { connections: number; cancelGrace: (() => void) | null };

/**
 *   absent ── connected ──▶ present ── last connection closed ──▶ grace (10 s) ──▶ absent
 *                             ▲ └── last connection silent ──────────────────────▶ absent
 *                             └────────────── connected ────────────┘
 */
export function createPresence(clock: Clock, tell: (device: LiveDevice) => void): Presence {
  const seen = new Map<number, Seen>();

  function gone(device: LiveDevice): void {
    seen.delete(device.id);
    device.isConnected = false;
    tell(device);
  }

  return {
    connected(device) {
      const entry = seen.get(device.id) ?? { connections: 0, cancelGrace: null };
      entry.cancelGrace?.();
      entry.cancelGrace = null;
      entry.connections += 1;
      seen.set(device.id, entry);
      device.isConnected = true;
      tell(device);
    },

    disconnected(device, how) {
      const entry = seen.get(device.id);
      if (entry === undefined) return;
      entry.connections -= 1;
      if (entry.connections > 0) return;
      if (how === "silent") gone(device);
      else entry.cancelGrace = clock.after(hubLimits.returnGraceMs, () => gone(device));
    },

    forget(deviceId) {
      seen.get(deviceId)?.cancelGrace?.();
      seen.delete(deviceId);
    },
  };
}
