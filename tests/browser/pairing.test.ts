import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { enterCode, signedIn, soon } from "./lib/dispatcher.ts";
import { type Site, startSite } from "./lib/site.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

test("a code that no phone shows, and an identifier that is taken, are told where they were typed; nothing typed is lost", async () => {
  await site.pair("north", { name: "Van 1", identifier: "N-1" });
  const phone = await site.phone();
  await using dispatcher = await signedIn(browser, site, "north");
  const { page, watch } = dispatcher;
  watch.expect(/status of (?:404|409)/);
  await page.getByTestId("pair-open").click();
  const dialog = page.getByRole("dialog", { name: "Pair a phone" });

  await enterCode(page, { code: "aaa aaa", name: "Van 2", identifier: "N-1" });
  await dialog.getByText("No phone shows this code now.").waitFor();
  const typed = () =>
    Promise.all(["code", "name", "identifier"].map((id) => page.getByTestId(`pair-${id}`).inputValue()));
  expect(await typed()).toEqual(["AAAAAA", "Van 2", "N-1"]);

  await page.getByTestId("pair-code").fill(phone.code);
  await page.keyboard.press("Enter");
  await dialog.getByText("Another van has this identifier already.").waitFor();
  expect(await typed()).toEqual([phone.code, "Van 2", "N-1"]);

  await page.getByTestId("pair-identifier").fill("N-2");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await dispatcher.panel("Van 2").waitFor();
});

test("a code is looked over before it is sent: what is missing, and what no code has", async () => {
  await using dispatcher = await signedIn(browser, site, "south");
  const { page } = dispatcher;
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Pair a phone" });
  await enterCode(page, { code: "k7m 4", name: "Van 1" });
  const hint = () => dialog.locator("[aria-live=polite]").first().textContent();
  await expect.poll(hint, soon).toBe("2 characters are missing.");
  await page.getByTestId("pair-code").pressSequentially("0");
  await expect.poll(hint, soon).toContain("Look again at “0”.");
  expect(await page.getByTestId("pair-code").inputValue()).toBe("K7M4");
});
