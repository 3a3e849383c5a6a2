import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ana } from "./site.ts";

export const screens = {
  desk: { width: 1440, height: 900 },
  laptop: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

export type Shot = {
  screen?: keyof typeof screens;
  colorScheme?: "light" | "dark";
  /** Signs in as Ana first. */
  signedIn?: boolean;
  path?: string;
  /** Brings the page to what the picture is of. */
  act?: (page: Page) => Promise<void>;
};

/** Takes a picture of a page in a browser of its own. */
export type Camera = (name: string, address: string, shot: Shot) => Promise<void>;

export const createCamera =
  (browser: Browser, folder: string, log: (text: string) => void): Camera =>
  async (name, address, { screen = "desk", colorScheme = "light", signedIn = false, path = "/", act }) => {
    const isPhone = screen === "phone";
    const options: BrowserContextOptions = {
      viewport: screens[screen],
      colorScheme,
      hasTouch: isPhone,
      isMobile: isPhone,
    };
    const context = await browser.newContext({ ...options, locale: "en-ES", timezoneId: "Europe/Madrid" });
    const page = await context.newPage();
    await page.goto(address + path);
    if (signedIn) await signIn(page);
    await act?.(page);
    await page.evaluate("document.fonts.ready");
    await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    await context.close();
    log(`${name}.png`);
  };

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail").fill(ana.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ana.password);
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=line-state][data-state=live]").waitFor();
}

/** Until the map has loaded, drawn and eased for so long that nothing is on its way any more. */
export const settle = (page: Page, ms: number): Promise<void> => page.waitForTimeout(ms);
