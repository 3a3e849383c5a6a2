import type { Rescue, RescueEndReason, RescueRole } from "@dsp-fleet/contract";
import { isoTime } from "../clock.ts";

/** A rescue session as it is stored. Times are ms since 1970, UTC; what is null is not yet. */
export type StoredRescue = {
  readonly id: number;
  readonly sessionId: string;
  readonly accountId: number;
  readonly rescueeDeviceId: number;
  readonly rescuerDeviceId: number;
  readonly startedAt: number;
  readonly startedBy: number | null;
  readonly endedAt: number | null;
  readonly endReason: RescueEndReason | null;
};

/** One that has ended. */
export type EndedRescue = StoredRescue & { readonly endedAt: number; readonly endReason: RescueEndReason };

/** The session as REST shows it. */
export function toRescue(rescue: StoredRescue): Rescue {
  const { endedAt, startedAt } = rescue;
  return {
    sessionId: rescue.sessionId,
    rescueeDeviceId: rescue.rescueeDeviceId,
    rescuerDeviceId: rescue.rescuerDeviceId,
    startedUtc: isoTime(startedAt),
    endedUtc: endedAt === null ? null : isoTime(endedAt),
    endReason: rescue.endReason,
    startedBy: rescue.startedBy,
    durationSeconds: endedAt === null ? null : Math.max(0, Math.round((endedAt - startedAt) / 1000)),
  };
}

/** What a device is in the session, and who the other one is. */
export function sideOf(rescue: StoredRescue, deviceId: number): { yourRole: RescueRole; peerDeviceId: number } {
  return deviceId === rescue.rescueeDeviceId
    ? { yourRole: "rescuee", peerDeviceId: rescue.rescuerDeviceId }
    : { yourRole: "rescuer", peerDeviceId: rescue.rescueeDeviceId };
}
