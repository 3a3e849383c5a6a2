import { hubLimits } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import type { LiveDevice } from "../devices/live-device.ts";

export type Presence = {
  connected(device: LiveDevice): void;
  /** `silent` when the connection was given up for lack of any sign: its wait is over then already. */
  disconnected(device: LiveDevice, how: "closed" | "silent"): void;
  forget(deviceId: number): void;
};

type Seen = {
  connections: number;
  /** Until when a phone whose connection closed may return; another one of its connections may have been dead for long. */
  mayReturnUntil: number;
  cancelGrace: (() => void) | null;
};

/**
 *   absent ── connected ──▶ present ── last connection ended ──▶ grace (10 s after the last close) ──▶ absent
 *                             ▲ └── last connection silent, none closed within 10 s ───────────────▶ absent
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
      const entry = seen.get(device.id) ?? { connections: 0, mayReturnUntil: 0, cancelGrace: null };
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
      const now = clock.now();
      entry.connections -= 1;
      if (how === "closed") entry.mayReturnUntil = now + hubLimits.returnGraceMs;
      if (entry.connections > 0) return;
      // A clock that was set back must not make the wait longer.
      const waitMs = Math.min(entry.mayReturnUntil - now, hubLimits.returnGraceMs);
      if (waitMs > 0) entry.cancelGrace = clock.after(waitMs, () => gone(device));
      else gone(device);
    },

    forget(deviceId) {
      seen.get(deviceId)?.cancelGrace?.();
      seen.delete(deviceId);
    },
  };
}
