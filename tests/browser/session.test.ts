import type { AuthResponse } from "@dsp-fleet/contract";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { heldClock } from "../lib/held-clock.ts";
import { isLive, openDashboard, signedIn } from "./lib/dispatcher.ts";
import { type Site, startSite } from "./lib/site.ts";

const clock = heldClock();
let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite({ clock });
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

/** By then every access token that was ever given out has run out, and so has the grace of its connection. */
const longerThanAToken = 17 * 60_000;

test("a wrong password is told kindly, and the address stays", async () => {
  const { email } = await site.account("wrong");
  await using dispatcher = await openDashboard(browser, site);
  const { page, watch } = dispatcher;
  watch.expect(/status of 401/);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill("not it");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "E-mail or password is not right." }).waitFor();
  expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
});

test("a session outlives a reload and the end of its access token, unasked", async () => {
  const van = await site.device({ account: "north", name: "Van 1" });
  await van.reportLocation({ lat: 41.39, lon: 2.17 });
  await using dispatcher = await signedIn(browser, site, "north");
  const { page, watch } = dispatcher;
  await page.reload();
  await isLive(page);
  await dispatcher.row("Van 1").waitFor();

  watch.expect(/status of 401|WebSocket|Connection disconnected/);
  clock.leap(longerThanAToken);
  await page.reload();
  await isLive(page);
  await dispatcher.row("Van 1").click();
  expect(await page.getByLabel("E-mail").count()).toBe(0);

  await page.evaluate("window.isTheSamePage = true");
  clock.leap(longerThanAToken);
  const { email, password } = await site.account("north");
  const login = await site.rest<AuthResponse>("POST /api/auth/login", { body: { email, password } });
  const body = { name: "Van 1, renamed" };
  await site.rest(`PATCH /api/devices/${van.id}`, { token: login.body.accessToken, body });
  await dispatcher.panel("Van 1, renamed").waitFor();
  expect(await page.evaluate("window.isTheSamePage")).toBe(true);
});

test("signing out shows the way in again in every tab, and going back shows no van", async () => {
  await using dispatcher = await signedIn(browser, site, "out");
  const { page } = dispatcher;
  const other = await page.context().newPage();
  await other.goto(site.address);
  await isLive(other);
  await page.getByRole("button", { name: "Dispatcher of out, out" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  for (const tab of [page, other]) await tab.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.evaluate("JSON.stringify({ ...localStorage })")).not.toContain("Token");
});
