import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { type Dispatcher, signedIn, soon } from "./lib/dispatcher.ts";
import { type Site, startSite } from "./lib/site.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
  for (const [at, name] of ["Van 9", "Van 10", "Sant Martí"].entries()) {
    const van = await site.device({ account: "north", name, identifier: `N-${at}` });
    await van.reportLocation({ lat: 41.38 + at * 0.01, lon: 2.16 });
  }
  await site.pair("north", { name: "Van 2", identifier: "A-2" });
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

const names = async ({ page }: Dispatcher) =>
  (await page.locator("[data-kind=van]").evaluateAll((rows) => rows.map((row) => row.textContent ?? ""))).map((label) =>
    label.replace(/ [AN]-\d.*/, ""),
  );

test("the list is searched by name and identifier, whatever the accents, and filtered by status", async () => {
  await using dispatcher = await signedIn(browser, site, "north");
  const { page } = dispatcher;
  const listed = () => names(dispatcher);
  await expect.poll(listed, soon).toEqual(["Sant Martí", "Van 2", "Van 9", "Van 10"]);

  await page.getByRole("searchbox").fill("marti");
  await expect.poll(listed, soon).toEqual(["Sant Martí"]);
  await page.getByRole("searchbox").fill("a-2");
  await expect.poll(listed, soon).toEqual(["Van 2"]);
  await page.getByRole("searchbox").fill("nobody");
  await page.getByText("No van matches.").waitFor();
  await page.getByRole("region", { name: "Vans" }).getByRole("button", { name: "Show all vans" }).click();
  await expect.poll(listed, soon).toEqual(["Sant Martí", "Van 2", "Van 9", "Van 10"]);

  const filter = (name: string) => page.getByRole("group", { name: "Show by status" }).getByRole("button", { name });
  await filter("Still 3").click();
  await expect.poll(listed, soon).toEqual(["Sant Martí", "Van 9", "Van 10"]);
  await filter("Dark 1").click();
  await expect.poll(listed, soon).toEqual(["Van 2"]);
  await filter("Dark 1").click();
  await expect.poll(listed, soon).toEqual(["Sant Martí", "Van 2", "Van 9", "Van 10"]);
});

test("everything is at hand from the keyboard alone", async () => {
  await using dispatcher = await signedIn(browser, site, "north");
  const { page, panel } = dispatcher;
  const { keyboard } = page;
  const focused = () => page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent");
  await dispatcher.row("Van 10").waitFor();

  await keyboard.press("/");
  await keyboard.type("van");
  await expect.poll(() => names(dispatcher), soon).toEqual(["Van 2", "Van 9", "Van 10"]);
  await keyboard.press("Enter");
  await expect.poll(focused, soon).toMatch(/^Van 2, Never reported/);
  await keyboard.press("j");
  await expect.poll(focused, soon).toMatch(/^Van 2 A-2, Dark/);
  await keyboard.press("j");
  await keyboard.press("j");
  await expect.poll(focused, soon).toMatch(/^Van 10/);
  await keyboard.press("k");
  await expect.poll(focused, soon).toMatch(/^Van 9/);

  await keyboard.press("Enter");
  await panel("Van 9").waitFor();
  await keyboard.press("f");
  await page.getByRole("button", { name: "Stop following" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("button", { name: "Stop following" }).waitFor({ state: "detached" });
  await panel("Van 9").waitFor();
  await keyboard.press("Escape");
  await panel("Van 9").waitFor({ state: "detached" });
  await keyboard.press("Escape");
  expect(await page.getByRole("searchbox").inputValue()).toBe("");

  await keyboard.press("p");
  const pairing = page.getByRole("dialog", { name: "Pair a phone" });
  await pairing.waitFor();
  await keyboard.type("jkf?");
  expect(await page.getByTestId("pair-code").inputValue()).toBe("JKF");
  await keyboard.press("Escape");
  await pairing.waitFor({ state: "detached" });

  await keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await keys.getByText("Follow the open van").waitFor();
  await keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
});
