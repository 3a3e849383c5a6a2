import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { flagsOfStart, startChild } from "../lib/child.ts";
import { quantile } from "../lib/statistics.ts";
import type { DriveOrder } from "./drive.ts";
import { type Look, type Visit, visit } from "./look.ts";
import { type Round, report } from "./report.ts";
import { type Fleet, fleets, reportEvery } from "./shape.ts";
import type { SiteReady } from "./site.ts";

const quick = process.argv.includes("--quick");
const roundCount = quick ? 1 : 3;
const seconds = quick ? 5 : 8;
const progress = (text: string) => process.stdout.write(`  ${text}\n`);

process.stdout.write("Live map: frames, work, first picture\n");
const root = join(import.meta.dirname, "../..");
// Nothing is imported from outside of the workspace; these are tools that it runs.
const tool = (path: string): Promise<unknown> => import(new URL(path, import.meta.url).href);
const { buildDashboard } = (await tool("../../scripts/lib/build-dashboard.ts")) as {
  buildDashboard(root: string, log: (text: string) => void): Promise<void>;
};
const { launchBrowser } = (await tool("../../tests/lib/chromium.ts")) as { launchBrowser(): Promise<Browser> };
await buildDashboard(root, progress);
const site = startChild<never, SiteReady>(new URL("site.ts", import.meta.url), flagsOfStart());
const phones = startChild<DriveOrder, unknown>(new URL("drive.ts", import.meta.url));
const { address, tokens } = await site.hears();
const browser = await launchBrowser();
try {
  const picture = join(root, "docs/screenshots/vans-5000.png");
  const rounds: Round[] = [];
  for (let number = 1; number <= roundCount; number += 1) {
    const visits = new Map<Fleet, Visit>();
    rounds.push(visits);
    for (const fleet of fleets) {
      await phones.ask({ host: new URL(address).host, tokens: tokens[fleet] });
      // Each van has told its place by then.
      if (fleet > 0) await pause((reportEvery + 1) * 1_000);
      const seen = await visit(browser, address, fleet, seconds, fleet === 5_000 && !quick ? picture : null);
      visits.set(fleet, seen);
      progress(
        `round ${number} · ${fleet} vans: ${inShort(seen.apart)}${seen.folded === null ? "" : `; folded: ${inShort(seen.folded)}`}`,
      );
    }
  }
  const page = report(rounds, browser.version());
  if (quick) process.stdout.write(`\n${page}`);
  else writeFileSync(join(root, "docs/PERFORMANCE-MAP.md"), page);
} finally {
  await browser.close();
  phones.end();
  site.end();
}

function inShort({ intervalsMs, seconds: length, workPerFrameMs }: Look): string {
  return `${(intervalsMs.length / length).toFixed(1)} frames/s, work p95 ${quantile(workPerFrameMs, 0.95).toFixed(1)} ms`;
}
