import { hubLimits } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import type { LiveDevice } from "../devices/live-device.ts";

export type Presence = {
  connected(device: LiveDevice): void;
  /** `silent` when the connection was given up for lack of any sign: its wait is over then already. `silentMs`: since its last sign. */
  disconnected(device: LiveDevice, how: "closed" | "silent", silentMs?: number): void;
  forget(deviceId: number): void;
};

type Seen = {
  connections: number;
  /** Until when a phone whose connection closed may return; another one of its connections may have been dead for long. */
  mayReturnUntil: number;
  cancelGrace: (() => void) | null;
};

/** A second of the promised time is left for noticing and telling. */
const goneAfterSignMs = hubLimits.offlineWithinMs - 1_000;

/**
 *   absent ── connected ──▶ present ── last connection ended ──▶ grace (10 s after the last close) ──▶ absent
 *                             ▲ └── last connection silent, none closed within 10 s ───────────────▶ absent
 *                             └────────────── connected ────────────┘
 * The grace is shorter after a close that only tells what was dead for long.
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

    disconnected(device, how, silentMs = 0) {
      const entry = seen.get(device.id);
      if (entry === undefined) return;
      const now = clock.now();
      entry.connections -= 1;
      const graceMs = Math.min(hubLimits.returnGraceMs, goneAfterSignMs - silentMs);
      if (how === "closed") entry.mayReturnUntil = Math.max(entry.mayReturnUntil, now + graceMs);
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
