import { setTimeout as pause } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { type Notes, probe } from "./probe.ts";
import { dispatcher, type Fleet, screen } from "./shape.ts";
import { readMainThread, type TraceEvent } from "./trace.ts";

/** One look at one fleet at one zoom. */
export type Look = {
  readonly seconds: number;
  /** Between one animation frame and the next. */
  readonly intervalsMs: readonly number[];
  readonly paintsPerSecond: number;
  readonly updates: number;
  /** From the arrival of an update at the page to the picture that shows it. */
  readonly waitsMs: readonly number[];
  /** Of the main thread: in scripts, and in all tasks together. */
  readonly scriptMs: number;
  readonly taskMs: number;
  readonly workPerFrameMs: readonly number[];
  readonly longestTaskMs: number;
};

/** Both zooms, and the way in. The empty map has but one. */
export type Visit = { readonly firstPictureMs: number | null; readonly apart: Look; readonly folded: Look | null };

const settleMs = 5_000;
const traceSeconds = 5;

/** `picture`: where to put one of what was looked at last. Signs in as a dispatcher does, and looks at the map: with each van for itself, then one step further out. */
export async function visit(
  browser: Browser,
  address: string,
  fleet: Fleet,
  seconds: number,
  picture: string | null,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: screen, locale: "en-ES", timezoneId: "Europe/Madrid" });
  await context.addInitScript(probe);
  const page = await context.newPage();
  try {
    await page.goto(address);
    const { email, password } = dispatcher(fleet);
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("textbox", { name: "Password" }).fill(password);
    const pressedAt = await page.evaluate<number>("performance.now()");
    await page.keyboard.press("Enter");
    await page.locator("[data-testid=line-state][data-state=live]").waitFor({ timeout: 60_000 });
    // The page's policy lets nobody wait inside of it with a text that is evaluated.
    while (fleet > 0 && (await notesOf(page)).firstPictureAt === null) await pause(100);
    const { firstPictureAt } = await notesOf(page);
    await pause(settleMs);
    const apart = await look(browser, page, seconds);
    if (fleet === 0) return { firstPictureMs: null, apart, folded: null };
    await page.getByRole("button", { name: "Zoom out" }).click();
    await pause(settleMs);
    const folded = await look(browser, page, seconds);
    if (picture !== null) await page.screenshot({ path: picture });
    return { firstPictureMs: firstPictureAt === null ? null : firstPictureAt - pressedAt, apart, folded };
  } finally {
    await context.close();
  }
}

async function look(browser: Browser, page: Page, seconds: number): Promise<Look> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "timeTicks" });
  const before = await metricsOf(session);
  await page.evaluate("window.benchStart()");
  await pause(seconds * 1_000);
  const notes = await notesOf(page);
  const after = await metricsOf(session);
  const spent = (name: string): number => ((after[name] ?? 0) - (before[name] ?? 0)) * 1_000;

  // Apart from the rest: noting every task costs something itself.
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await pause(traceSeconds * 1_000);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const { frames } = notes;
  return {
    seconds,
    intervalsMs: frames.slice(1).map((at, index) => at - (frames[index] ?? at)),
    paintsPerSecond: notes.paints.length / seconds,
    updates: notes.updates,
    waitsMs: notes.waits,
    scriptMs: spent("ScriptDuration"),
    taskMs: spent("TaskDuration"),
    ...readMainThread(traceEvents),
  };
}

const notesOf = (page: Page): Promise<Notes> => page.evaluate<Notes>("window.benchNotes");

async function metricsOf(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
