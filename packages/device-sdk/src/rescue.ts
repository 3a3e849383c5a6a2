import type { EventArgs, FleetHub, RescueEndReason, RescueRole } from "@dsp-fleet/contract";
import { createListeners, type HubClient } from "@dsp-fleet/fleet-client";

/** The rescue session that this phone is in. */
export type DeviceRescue = {
  readonly sessionId: string;
  readonly startedAtMs: number;
  readonly yourRole: RescueRole;
  readonly peerDeviceId: number;
  readonly peerDisplayName: string;
  /** Where the other one is; null until that is known. */
  readonly peer: { readonly lat: number; readonly lon: number; readonly atMs: number } | null;
};

export type RescueChange =
  | { readonly kind: "started" | "moved"; readonly rescue: DeviceRescue }
  /** `reason` is null when the phone left the account. */
  | { readonly kind: "ended"; readonly sessionId: string; readonly reason: RescueEndReason | null };

export type RescueKeeper = {
  readonly current: DeviceRescue | null;
  onChange(listener: (change: RescueChange) => void): () => void;
  /** Follows what this hub says; the answer is the end of it. */
  follow(hub: Pick<HubClient<FleetHub>, "on">): () => void;
  clear(): void;
};

/**
 *   none ── RescueSessionStarted, own copy ──▶ in it ── RescueSessionEnded of the same session ──▶ none
 *                                               └─ RescuePeerLocation: the newest wins
 *
 * The start comes again at each connect while the session lasts, an end that was missed at the next one.
 */
export function createRescueKeeper(): RescueKeeper {
  const listeners = createListeners<RescueChange>();
  let current: DeviceRescue | null = null;

  function started({ session }: EventArgs<FleetHub, "RescueSessionStarted">): void {
    const { sessionId, startedUtc, yourRole, peerDeviceId, peerDisplayName } = session;
    // The account's copy tells of the rescues of others.
    if (yourRole === undefined || peerDeviceId === undefined || peerDisplayName === undefined) return;
    const peer = current?.sessionId === sessionId ? current.peer : null;
    current = { sessionId, startedAtMs: Date.parse(startedUtc), yourRole, peerDeviceId, peerDisplayName, peer };
    listeners.emit({ kind: "started", rescue: current });
  }

  function moved({ position }: EventArgs<FleetHub, "RescuePeerLocation">): void {
    if (current === null || position.peerDeviceId !== current.peerDeviceId) return;
    const atMs = Date.parse(position.atUtc);
    if (current.peer !== null && atMs < current.peer.atMs) return;
    current = { ...current, peer: { lat: position.lat, lon: position.lon, atMs } };
    listeners.emit({ kind: "moved", rescue: current });
  }

  function ended(sessionId: string, reason: RescueEndReason | null): void {
    if (current?.sessionId !== sessionId) return;
    current = null;
    listeners.emit({ kind: "ended", sessionId, reason });
  }

  return {
    get current() {
      return current;
    },
    onChange: (listener) => listeners.add(listener),
    follow(hub) {
      const undo = [
        hub.on("RescueSessionStarted", started),
        hub.on("RescuePeerLocation", moved),
        hub.on("RescueSessionEnded", ({ ending }) => ended(ending.sessionId, ending.endReason)),
      ];
      return () => {
        for (const forget of undo) forget();
      };
    },
    clear() {
      if (current !== null) ended(current.sessionId, null);
    },
  };
}
