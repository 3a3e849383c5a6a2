import type { Finding, History, LineLife } from "./history.ts";
import { createView, type View } from "./views.ts";

/** Contract: gone after 10 s without a return; a dead phone within 35 s. The rest is the way of the news. */
const graceMs = 10_000;
const deadWithinMs = 35_000;
const newsMs = 1_000;

type Question = { at: number; deviceId: number; connected: boolean };

/** Dashboards show who is connected: soon after a phone is there, while it is there, and no longer than promised after. */
export function checkPresence(history: History): Finding[] {
  const findings: Finding[] = [];
  const lives = new Map<number, LineLife[]>();
  for (const deviceId of history.phoneOf.keys()) lives.set(deviceId, linesOf(history, deviceId));

  const questions = [...lives].flatMap(([deviceId, lines]) => questionsAbout(history, deviceId, lines));
  questions.sort((a, b) => a.at - b.at);

  const views = new Map<string, View>();
  const dashboards = new Set(history.all("signed-in").map(({ who }) => who));
  let next = 0;
  for (const entry of history.entries) {
    for (
      let question = questions[next];
      question !== undefined && question.at < entry.at;
      question = questions[++next]
    ) {
      for (const [who, view] of views) findings.push(...answer(history, question, who, view));
    }
    if (!dashboards.has(entry.who)) continue;
    const view = views.get(entry.who) ?? createView();
    views.set(entry.who, view);
    view.take(entry);
    if (entry.what !== "event" || entry.event !== "DeviceUpdated" || entry.args[1] !== false) continue;
    const deviceId = Number(entry.args[0]);
    if (wasThere(history, lives.get(deviceId) ?? [], entry.at)) {
      const says = `${entry.who} was told that device ${deviceId} is away, and it was there less than 10 s ago`;
      findings.push({ promise: "a phone that returns within 10 s was never gone", at: entry.at, says });
    }
  }
  return findings;
}

/** Lines to FleetHub with the token of this device. */
function linesOf(history: History, deviceId: number): LineLife[] {
  const who = history.phoneOf.get(deviceId);
  const bounds = history.all("bound").filter((entry) => entry.who === who);
  const from = bounds.find((entry) => entry.deviceId === deviceId)?.at ?? 0;
  const to = bounds.find((entry) => entry.at > from && entry.deviceId !== deviceId)?.at ?? history.endAt;
  return history.lines.filter(
    (line) => line.who === who && line.path === "/hubs/fleet" && line.triedAt >= from && line.triedAt < to,
  );
}

function wasThere(history: History, lines: readonly LineLife[], at: number): boolean {
  const since = history.processSince(at);
  return lines.some(({ who, upAt, deadAt }) => {
    if (upAt === null || upAt < since) return false;
    const from = Math.max(upAt + 1_500, at - graceMs + 600);
    const to = Math.min(deadAt, at - 600);
    return from < to && history.radioWasOn(who, from - 31_000, to);
  });
}

function questionsAbout(history: History, deviceId: number, lines: readonly LineLife[]): Question[] {
  if (history.unbindAskedAt.has(deviceId)) return [];
  const questions: Question[] = [];
  for (const { who, upAt, deadAt } of lines) {
    if (upAt === null) continue;
    const shownAt = upAt + 3_000;
    if (deadAt > shownAt && history.radioWasOn(who, upAt, shownAt))
      questions.push({ at: shownAt, deviceId, connected: true });
    if (deadAt === history.endAt && shownAt < history.endAt)
      questions.push({ at: history.endAt - 2, deviceId, connected: true });
  }
  for (const { deadAt } of lines) {
    const askAt = deadAt + deadWithinMs + newsMs;
    if (askAt >= history.endAt) continue;
    if (!lines.some((other) => other.triedAt < askAt && other.deadAt > deadAt)) {
      questions.push({ at: askAt, deviceId, connected: false });
    }
  }
  return questions;
}

function answer(history: History, { at, deviceId, connected }: Question, who: string, view: View): Finding[] {
  const shown = view.devices.get(deviceId);
  if (!view.isReady || shown === undefined || shown.isConnected === connected) return [];
  // A page whose own line is dead or just back knows no better.
  const line = history.lines.findLast((one) => one.who === who && one.upAt !== null && one.upAt <= at);
  if (line === undefined || line.deadAt <= at || view.readySince > at - newsMs) return [];
  const promise = connected
    ? "a phone that is there is shown as connected"
    : "a dead phone is shown as away within 35 s";
  return [{ promise, at, says: `${who} shows device ${deviceId} as ${connected ? "away" : "connected"}` }];
}
