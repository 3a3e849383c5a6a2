import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureCity } from "@dsp-fleet/city";
import type { Page } from "playwright-core";
import { launchBrowser } from "../tests/lib/chromium.ts";
import { buildDashboard } from "./lib/build-dashboard.ts";
import { createCamera, settle } from "./lib/screenshots/camera.ts";
import { openSite, type Site } from "./lib/screenshots/site.ts";

// npm run screenshots [name …]: takes the pictures of the README with the demo's own parts.

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "docs/screenshots");
const wanted = process.argv.slice(2);
const log = (text: string): void => void process.stdout.write(`${text}\n`);

/** So long vans are spread over the city, and some have had trouble. */
const warmUp = { speedFactor: 8, seconds: 25 };
const mapMs = 6_000;

await mkdir(folder, { recursive: true });
const [city] = await Promise.all([ensureCity({ log }), buildDashboard(root, log)]);
const browser = await launchBrowser();
const take = createCamera(browser, folder, log);
const takes = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const shoot: typeof take = async (name, address, shot) => {
  if (takes(name)) await take(name, address, shot);
};

type Driving = { untilOnline(vans: number): Promise<void>; end(): Promise<void> };

/** Drives in the background until its end, which waits until the phones are off; waiting for vans fails when driving does. */
function driving(site: Site, vans: number, speedFactor: number): Driving {
  const ending = new AbortController();
  const driven = site.drive(vans, speedFactor, ending.signal);
  // Whoever waits for it hears of a failure; until then it must not be an unhandled one.
  driven.catch(() => undefined);
  return {
    async untilOnline(count) {
      const arrived = async (): Promise<void> => {
        while ((await site.online()) < count && !ending.signal.aborted) await pause(500);
      };
      await Promise.race([arrived(), driven]);
    },
    end() {
      ending.abort();
      return driven;
    },
  };
}

const pickVan = (name: string) => async (page: Page) => {
  await page.locator("[data-kind=van]").filter({ hasText: name }).first().click();
  await settle(page, mapMs);
};
const enterCode = (code: string) => async (page: Page) => {
  await page.getByTestId("pair-open").click();
  await page.getByTestId("pair-code").pressSequentially(code);
  await page.getByTestId("pair-name").fill("Van 14");
  await settle(page, mapMs);
};

try {
  await using site = await openSite(root, city);
  const { address } = site;
  const toRegister = (page: Page): Promise<void> => page.getByRole("button", { name: "Create an account" }).click();
  await shoot("sign-in", address, {});
  await shoot("sign-in-dark", address, { colorScheme: "dark" });
  await shoot("register", address, { act: toRegister });
  await shoot("register-dark", address, { colorScheme: "dark", act: toRegister });
  await shoot("empty", address, { signedIn: true, act: (page) => settle(page, mapMs) });
  await shoot("scalar", address, { path: "/scalar", act: (page) => settle(page, mapMs) });
  await shoot("hub-page", address, { path: "/docs/signalr.html" });

  const vans = 12;
  await site.lose({ name: "Van 13", identifier: "2201 HTR", lat: 41.4036, lon: 2.1744, batteryPercent: 4 });
  const fast = driving(site, vans, warmUp.speedFactor);
  await fast.untilOnline(vans);
  await pause(warmUp.seconds * 1_000);
  await fast.end();
  const drive = driving(site, vans, 1);
  await drive.untilOnline(vans);
  for (const colorScheme of ["light", "dark"] as const)
    await shoot(`live-${colorScheme}`, address, { colorScheme, signedIn: true, act: pickVan("Van 01") });
  const look = (page: Page): Promise<void> => settle(page, mapMs);
  await shoot("live-1024", address, { screen: "laptop", signedIn: true, act: look });
  await shoot("live-1024-dark", address, { screen: "laptop", colorScheme: "dark", signedIn: true, act: look });
  await shoot("live-phone", address, { screen: "phone", signedIn: true, act: look });
  const code = await site.codeOfAPhone();
  await shoot("pair", address, { signedIn: true, act: enterCode(code) });
  await shoot("pair-error", address, {
    signedIn: true,
    async act(page) {
      await enterCode(code.split("").toReversed().join(""))(page);
      await page.getByTestId("pair-submit").click();
      await page.getByText("No phone shows this code now").waitFor();
    },
  });
  await shoot("line-down", address, {
    signedIn: true,
    async act(page) {
      await settle(page, mapMs);
      await drive.end();
      await site.stop();
      await page.getByText("Live updates paused since").waitFor();
      await settle(page, 1_000);
    },
  });
  await drive.end();

  for (const fleet of [500, 1_000]) {
    if (!takes(`vans-${fleet}`)) continue;
    await using depot = await openSite(root, city);
    const many = driving(depot, fleet, 1);
    // Some are in a tunnel or a garage at any time.
    await many.untilOnline(fleet * 0.995);
    await shoot(`vans-${fleet}`, depot.address, { signedIn: true, act: (page) => settle(page, 3 * mapMs) });
    await many.end();
  }
} finally {
  await browser.close();
}
