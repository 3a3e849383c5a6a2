import type { Rescue } from "@dsp-fleet/contract";
import type { Finding, History } from "./history.ts";

/** One second, and the way of what was sent before. */
const quietWithinMs = 1_500;

/** D11: a device is in one session at most; both phones know how it stands; a peer's positions stop with the session. */
export function checkRescues(history: History): Finding[] {
  const findings: Finding[] = [];
  const sessions = new Map(
    history.all("rescues").flatMap(({ items }) => items.map((item) => [item.sessionId, item] as const)),
  );
  const byDevice = new Map<number, Rescue[]>();
  for (const session of sessions.values()) {
    for (const deviceId of [session.rescueeDeviceId, session.rescuerDeviceId]) {
      byDevice.set(deviceId, [...(byDevice.get(deviceId) ?? []), session]);
    }
  }
  for (const [deviceId, own] of byDevice) {
    const inOrder = own.toSorted((a, b) => Date.parse(a.startedUtc) - Date.parse(b.startedUtc));
    for (const [index, session] of inOrder.entries()) {
      const before = inOrder[index - 1];
      if (before !== undefined && endOf(before) > Date.parse(session.startedUtc))
        findings.push({
          promise: "D11 a device is in one rescue at most",
          at: Date.parse(session.startedUtc),
          says: `device ${deviceId} is in ${before.sessionId} and ${session.sessionId}`,
        });
    }
    if (!history.unbindAskedAt.has(deviceId) && history.phoneOf.has(deviceId))
      findings.push(...inOrder.flatMap((session) => knowledge(history, deviceId, session)));
  }

  for (const { who, at, deviceId, peerDeviceId } of history.all("peer-heard")) {
    const allowed = (byDevice.get(deviceId) ?? []).some(
      (session) =>
        [session.rescueeDeviceId, session.rescuerDeviceId].includes(peerDeviceId) &&
        endOf(session) + quietWithinMs >= at &&
        Date.parse(session.startedUtc) <= at,
    );
    if (!allowed && sessions.size > 0 && history.radioWasOn(who, at - 60_000, at))
      findings.push({
        promise: "D11 a peer's positions stop with the session",
        at,
        says: `${who} heard where device ${peerDeviceId} is`,
      });
  }
  return findings;
}

const endOf = ({ endedUtc }: Rescue): number => (endedUtc === null ? Number.POSITIVE_INFINITY : Date.parse(endedUtc));

/** What the phone was told last of a session is how it stands; a phone that crashed knows what its new connection says. */
function knowledge(history: History, deviceId: number, session: Rescue): Finding[] {
  const who = history.phoneOf.get(deviceId);
  const heard = history.all("rescue-heard").filter((one) => one.who === who && one.sessionId === session.sessionId);
  const last = heard.at(-1)?.event ?? null;
  const promise = "D11 both phones know how their rescue stands";
  const find = (says: string) => [{ promise, at: history.endAt, says: `${who}, ${session.sessionId}: ${says}` }];
  if (session.endedUtc === null && last !== "started") return find("was never told that it began");
  if (session.endedUtc !== null && last === "started") return find("was never told that it ended");
  return [];
}
