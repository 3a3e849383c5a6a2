import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { barriers } from "./lib/barriers.ts";
import { isLive, openDashboard, signedIn, soon } from "./lib/dispatcher.ts";
import { colorOf, pictureOf } from "./lib/pixels.ts";
import { type Site, startSite } from "./lib/site.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
  const van = await site.device({ account: "north", name: "Van 1" });
  await van.reportLocation({ lat: 41.39, lon: 2.17, batteryPercent: 12 });
  await site.pair("north", { name: "Van 2" });
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

test("page and map follow the system's light or dark, until somebody chooses; the choice is kept", async () => {
  await using dispatcher = await signedIn(browser, site, "north", { colorScheme: "light" });
  const { page } = dispatcher;
  const map = page.locator("canvas.maplibregl-canvas");
  const isInk = async (variable: string) => {
    const color = await colorOf(page, variable);
    await expect.poll(async () => (await pictureOf(map, color)).wanted.count, soon).toBeGreaterThan(20);
  };
  const page_ = () => colorOf(page, "--page");
  const light = await page_();
  await isInk("--still");

  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(page_, soon).not.toBe(light);
  await isInk("--still");

  await page.getByRole("button", { name: "Appearance" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect.poll(page_, soon).toBe(light);
  await page.reload();
  await isLive(page);
  expect(await page_()).toBe(light);
});

describe.each(["light", "dark"] as const)("nothing serious stands in the way of anybody, %s:", (colorScheme) => {
  test("the way in", async () => {
    await using dispatcher = await openDashboard(browser, site, { colorScheme });
    const { page } = dispatcher;
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await barriers(page, colorScheme)).toEqual([]);
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByRole("button", { name: "Create account" }).click();
    expect(await barriers(page, colorScheme)).toEqual([]);
  });

  test("an account without vans", async () => {
    await using dispatcher = await signedIn(browser, site, "empty", { colorScheme });
    await dispatcher.page.getByRole("region", { name: "No vans yet" }).waitFor();
    expect(await barriers(dispatcher.page, colorScheme)).toEqual([]);
  });

  test("the live map, a van's details and pairing", async () => {
    await using dispatcher = await signedIn(browser, site, "north", { colorScheme });
    const { page } = dispatcher;
    await dispatcher.row("Van 1").waitFor();
    expect(await barriers(page, colorScheme)).toEqual([]);
    await dispatcher.row("Van 1").click();
    await dispatcher.panel("Van 1").waitFor();
    expect(await barriers(page, colorScheme)).toEqual([]);
    await page.keyboard.press("p");
    await page.getByTestId("pair-submit").click();
    await page.getByText("6 characters are missing.").waitFor();
    expect(await barriers(page, colorScheme)).toEqual([]);
  });
});
