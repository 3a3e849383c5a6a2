import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { accountDetails } from "../../lib/people.ts";
import type { Site } from "./site.ts";
import { type Watch, watchPages } from "./watch.ts";

/** Somebody at a screen: a browser of their own, so that nothing is shared but the server. */
export type Dispatcher = AsyncDisposable & {
  readonly page: Page;
  readonly watch: Watch;
  /** The line of the list with this van. */
  row(name: string): Locator;
  /** The details of the van that is open. */
  panel(name: string): Locator;
  /** Where the open van is, as the details say; null without a position. */
  position(): Promise<{ lat: number; lon: number } | null>;
};

/** Small enough to be drawn quickly without a graphics card. */
const viewport = { width: 1180, height: 480 };

export type DashboardOptions = BrowserContextOptions & {
  /** What the pages may do from the start, though it would be a surprise elsewhere. */
  expects?: RegExp;
};

/** Opens the dashboard's first page. */
export async function openDashboard(
  browser: Browser,
  site: Site,
  { expects, ...options }: DashboardOptions = {},
): Promise<Dispatcher> {
  const context = await browser.newContext({ viewport, locale: "en-US", timezoneId: "Europe/Madrid", ...options });
  const watch = await watchPages(context, site.address);
  if (expects !== undefined) watch.expect(expects);
  const page = await context.newPage();
  await page.goto(site.address);
  const panel = (name: string) => page.getByRole("complementary", { name: `Details of ${name}` });
  return {
    page,
    watch,
    row: (name) => page.locator("[data-kind=van]").filter({ hasText: name }),
    panel,
    async position() {
      const place = page.getByTestId("device-position");
      if ((await place.count()) === 0) return null;
      return { lat: Number(await place.getAttribute("data-lat")), lon: Number(await place.getAttribute("data-lon")) };
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(watch.found).toEqual([]);
    },
  };
}

/** Signs in as the account's owner, who is registered the first time, and waits until the line is live. */
export async function signedIn(
  browser: Browser,
  site: Site,
  name: string,
  options?: DashboardOptions,
): Promise<Dispatcher> {
  const { email, password } = await site.account(name);
  const dispatcher = await openDashboard(browser, site, options);
  const { page } = dispatcher;
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.keyboard.press("Enter");
  await isLive(page);
  return dispatcher;
}

/** Fills the form in and sends it. Country and time zone are guessed. */
export async function register(page: Page, name: string): Promise<void> {
  const { email, password, displayName, accountName } = accountDetails(name);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Your name").fill(displayName);
  await page.getByLabel("Company").fill(accountName);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** For what comes in its own time: long enough for a busy machine, and over at once on a quick one. */
export const soon = { timeout: 20_000, interval: 50 } as const;

export const lineIs = async (page: Page, state: "connecting" | "live" | "paused"): Promise<void> =>
  page.locator(`[data-testid=line-state][data-state=${state}]`).waitFor();
export const isLive = (page: Page): Promise<void> => lineIs(page, "live");

export async function enterCode(page: Page, { code, name, identifier }: Record<string, string>): Promise<void> {
  await page.getByTestId("pair-code").fill(code ?? "");
  await page.getByTestId("pair-name").fill(name ?? "");
  await page.getByTestId("pair-identifier").fill(identifier ?? "");
  await page.getByTestId("pair-submit").click();
}
