import { isoTime } from "../clock.ts";
import { isoOrNull } from "../devices/live-device.ts";
import type { Tell } from "../hubs/tell.ts";
import type { Visit } from "./visit.ts";

/** Shows a visit, as it is on disk, to its account. */
export function tellVisit(tell: Tell, { accountId, deviceId, zoneId, enteredAt, leftAt, addedLate }: Visit): void {
  const visit = { deviceId, zoneId, enteredAt: isoTime(enteredAt), leftAt: isoOrNull(leftAt), addedLate };
  tell.account(accountId).ZoneVisitChanged({ visit });
}
