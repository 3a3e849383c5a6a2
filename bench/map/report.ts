import { cpus, totalmem } from "node:os";
import { median, quantile } from "../lib/statistics.ts";
import type { Look, Visit } from "./look.ts";
import { type Fleet, reportEvery, screen } from "./shape.ts";

/** Each round has looked at each fleet once, one after the other. */
export type Round = ReadonlyMap<Fleet, Visit>;

type Zoom = "apart" | "folded";
const titles: Record<Zoom, string> = {
  apart: "Each van for itself (zoom 13)",
  folded: "Folded into circles (zoom 12)",
};
/** The fleet that all others are put beside. */
const beside: Fleet = 12;
const target: Fleet = 1_000;

const verdict = (reached: boolean) => (reached ? "reached" : "**not reached**");
const round = (value: number, digits = 1) => value.toFixed(digits);

/** The page that shows what was measured. */
export function report(rounds: readonly Round[], browserVersion: string): string {
  const fleets = [...new Set(rounds.flatMap((visits) => [...visits.keys()]))];
  const looks = (fleet: Fleet, zoom: Zoom): Look[] => rounds.flatMap((visits) => visits.get(fleet)?.[zoom] ?? []);
  const frames = looks(target, "apart").map(framesPerSecond);
  const work = looks(target, "apart").map(({ workPerFrameMs }) => quantile(workPerFrameMs, 0.95));
  return [
    "# Performance of the live map",
    "",
    "Made by `npm run bench:map`; do not edit. The built dashboard in a headless Chromium that draws WebGL on the processor (SwiftShader: no graphics",
    `card), ${screen.width} × ${screen.height}, over the real server with the city's map. Every van has a connection of its own, drives all the time and reports every ${reportEvery} s. Server, phones`,
    "and browser share the machine. Each round looks at every fleet, one after the other, so that they can be put beside each other; the empty map says",
    "what the machine gives at best. Vans drive on a canvas of their own over the base map ([decision 15](adr/0015-vans-on-a-canvas-of-their-own.md)).",
    "",
    `Machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Chromium ${browserVersion}. ${new Date().toISOString().slice(0, 10)}, ${rounds.length} ${rounds.length === 1 ? "round" : "rounds"}.`,
    "",
    "| To reach with 1,000 vans, each for itself | Measured: median (lowest–highest round) | |",
    "|---|---|---|",
    `| at least 30 frames a second | ${span(frames)} | ${verdict(median(frames) >= 30)} |`,
    `| main-thread work per frame below 16.7 ms in the 95th percentile | ${span(work)} ms | ${verdict(median(work) < 16.7)} |`,
    "",
    ...(["apart", "folded"] as const).flatMap((zoom) => [
      `## ${titles[zoom]}`,
      "",
      `| Vans | Frames a second | beside ${beside} vans | Between frames: median · p95 · p99 | Work per frame: median · p95 | Longest task | Pictures of the vans a second |`,
      "|---|---|---|---|---|---|---|",
      ...fleets.filter((fleet) => looks(fleet, zoom).length > 0).map((fleet) => frameLine(fleet, rounds, zoom)),
      "",
      `| Vans | Updates a second | Script a second | All tasks a second | Script per update | Update to picture: median · p95 |`,
      "|---|---|---|---|---|---|",
      ...fleets.filter((fleet) => looks(fleet, zoom).length > 0).map((fleet) => workLine(fleet, looks(fleet, zoom))),
      "",
    ]),
    "## From signing in to the first picture of the vans",
    "",
    "From the press of Enter on the filled form: password check, page of the map, all vans in one answer, first picture with vans on it.",
    "",
    "| Vans | Median (lowest–highest round) |",
    "|---|---|",
    ...fleets
      .filter((fleet) => fleet > 0)
      .map((fleet) => {
        const times = rounds.flatMap((visits) => visits.get(fleet)?.firstPictureMs ?? []);
        return `| ${count(fleet)} | ${span(times, 0)} ms |`;
      }),
    "",
  ].join("\n");
}

const count = (fleet: Fleet) => (fleet === 0 ? "none: an empty map" : fleet.toLocaleString("en"));
const framesPerSecond = ({ intervalsMs, seconds }: Look) => intervalsMs.length / seconds;

function span(values: readonly number[], digits = 1): string {
  if (values.length === 0) return "–";
  return `${round(median(values), digits)} (${round(Math.min(...values), digits)}–${round(Math.max(...values), digits)})`;
}

function frameLine(fleet: Fleet, rounds: readonly Round[], zoom: Zoom): string {
  const looks = rounds.flatMap((visits) => visits.get(fleet)?.[zoom] ?? []);
  const ratios = rounds.flatMap((visits) => {
    const [own, other] = [visits.get(fleet)?.[zoom], visits.get(beside)?.[zoom]];
    return own == null || other == null ? [] : [framesPerSecond(own) / framesPerSecond(other)];
  });
  const intervals = looks.flatMap(({ intervalsMs }) => intervalsMs);
  const work = looks.flatMap(({ workPerFrameMs }) => workPerFrameMs);
  const cells = [
    count(fleet),
    span(looks.map(framesPerSecond)),
    fleet === beside ? "1" : round(median(ratios), 2),
    `${[0.5, 0.95, 0.99].map((share) => round(quantile(intervals, share))).join(" · ")} ms`,
    `${[0.5, 0.95].map((share) => round(quantile(work, share))).join(" · ")} ms`,
    `${round(Math.max(...looks.map(({ longestTaskMs }) => longestTaskMs)), 0)} ms`,
    round(median(looks.map(({ paintsPerSecond }) => paintsPerSecond))),
  ];
  return `| ${cells.join(" | ")} |`;
}

function workLine(fleet: Fleet, looks: readonly Look[]): string {
  const perSecond = (read: (look: Look) => number) => round(median(looks.map((look) => read(look) / look.seconds)));
  const waits = looks.flatMap(({ waitsMs }) => waitsMs);
  const perUpdate = looks.filter(({ updates }) => updates > 0).map(({ scriptMs, updates }) => scriptMs / updates);
  const cells = [
    count(fleet),
    perSecond(({ updates }) => updates),
    `${perSecond(({ scriptMs }) => scriptMs)} ms`,
    `${perSecond(({ taskMs }) => taskMs)} ms`,
    perUpdate.length === 0 ? "–" : `${round(median(perUpdate), 2)} ms`,
    waits.length === 0 ? "–" : `${[0.5, 0.95].map((share) => round(quantile(waits, share), 0)).join(" · ")} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}
