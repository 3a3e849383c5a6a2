import type { Entry } from "../log.ts";
import { checkAccounts, checkDashboards } from "./accounts.ts";
import { type Finding, readHistory } from "./history.ts";
import { checkMessages } from "./messages.ts";
import { checkPairing } from "./pairing.ts";
import { checkPositions } from "./positions.ts";
import { checkPresence } from "./presence.ts";
import { checkRescues } from "./rescues.ts";
import { checkSamples } from "./samples.ts";
import { checkUnbinding } from "./unbinding.ts";

export type { Finding } from "./history.ts";
/** How often each thing was written down. */
export type Counts = Readonly<Record<string, number>>;

const checks = [
  checkAccounts,
  checkDashboards,
  checkMessages,
  checkPairing,
  checkPositions,
  checkPresence,
  checkRescues,
  checkSamples,
  checkUnbinding,
];

/** Judges a run by what was written down in it. */
export function check(entries: readonly Entry[], endAt: number): { findings: Finding[]; counts: Counts } {
  const history = readHistory(entries, endAt);
  const counts: Record<string, number> = {};
  for (const { what } of entries) counts[what] = (counts[what] ?? 0) + 1;
  return { findings: checks.flatMap((one) => one(history)), counts };
}
