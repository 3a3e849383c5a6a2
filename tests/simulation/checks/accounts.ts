import { isDeepStrictEqual } from "node:util";
import type { Finding, History } from "./history.ts";
import { createView, type View } from "./views.ts";

/** A refresh may be repeated for 60 s after its answer was lost. */
const replayMs = 55_000;

/** Nothing of one account reaches another; nobody is signed out by a lost answer; nothing fails that may not. */
export function checkAccounts(history: History): Finding[] {
  const findings: Finding[] = [];
  for (const { who, at, text } of history.all("foreign"))
    findings.push({ promise: "nothing of another account is heard", at, says: `${who} heard ${text.slice(0, 300)}` });
  for (const { who, at, firstTriedAt } of history.all("signed-out")) {
    if (at - firstTriedAt < replayMs)
      findings.push({ promise: "a lost answer signs nobody out", at, says: `${who}, after ${at - firstTriedAt} ms` });
  }
  for (const { at, text } of history.all("server-error")) {
    // Unbound between its token's check and its connection.
    if (text.includes("the device is not bound")) continue;
    findings.push({ promise: "the server fails at nothing", at, says: text });
  }
  for (const { who, at, method, error } of history.all("call-failed")) {
    // An honest no: the disk was full, or more waited for a slow one than is let wait.
    const isAway = error.includes("HubException: unavailable:");
    const isUnbound = error.includes("unauthorized") && history.unbindAskedAt.size > 0;
    if (!isAway && !isUnbound)
      findings.push({ promise: "a good call does not fail", at, says: `${method} of ${who}: ${error}` });
  }
  return findings;
}

/** D10: when all is quiet, each dashboard shows what the server has. */
export function checkDashboards(history: History): Finding[] {
  const findings: Finding[] = [];
  for (const who of new Set(history.all("signed-in").map((entry) => entry.who))) {
    const view: View = createView();
    let compared = false;
    for (const entry of history.entries) {
      if (entry.who !== who) continue;
      view.take(entry);
      if (entry.what !== "snapshot" || !entry.final) continue;
      compared = true;
      for (const device of entry.devices) {
        const shown = view.devices.get(device.id);
        if (!isDeepStrictEqual(shown, device))
          findings.push({
            promise: "D10 a dashboard shows what the server has",
            at: entry.at,
            says: `${who}: ${JSON.stringify(shown)} instead of ${JSON.stringify(device)}`,
          });
      }
      if (view.devices.size !== entry.devices.length)
        findings.push({
          promise: "D10 a dashboard shows what the server has",
          at: entry.at,
          says: `${who} shows ${view.devices.size} devices of ${entry.devices.length}`,
        });
    }
    if (!compared)
      findings.push({
        promise: "in calm weather a call is answered",
        at: history.endAt,
        says: `${who} never compared`,
      });
  }
  return findings;
}
