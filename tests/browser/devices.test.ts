import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { signedIn, soon } from "./lib/dispatcher.ts";
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

const choose = async (page: Page, item: string) => {
  await page.getByRole("button", { name: "More about this van" }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

test("who renames a van that somebody renamed meanwhile sees both names and loses neither", async () => {
  const { deviceId } = await site.pair("north", { name: "Van 1", identifier: "N-1" });
  const { token } = await site.account("north");
  await using dispatcher = await signedIn(browser, site, "north");
  const { page, watch } = dispatcher;
  watch.expect(/status of 412/);
  await dispatcher.row("Van 1").click();
  await choose(page, "Rename");
  const dialog = page.getByRole("dialog");
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("Mine");

  const theirs = { name: "Theirs", identifier: "N-9" };
  await site.rest(`PATCH /api/devices/${deviceId}`, { token, body: theirs });
  await dispatcher.panel("Theirs").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("It is now “Theirs”, identifier “N-9”.").waitFor();
  expect(await name.inputValue()).toBe("Mine");
  expect((await site.rest(`GET /api/devices/${deviceId}`, { token })).body).toMatchObject(theirs);

  await dialog.getByRole("button", { name: "Save mine" }).click();
  await dispatcher.panel("Mine").waitFor();
  expect((await site.rest(`GET /api/devices/${deviceId}`, { token })).body).toMatchObject({ name: "Mine" });
});

test("a van that one dispatcher unbinds leaves the other's list and details too, and its phone is off", async () => {
  const van = await site.device({ account: "west", name: "Van 1" });
  await site.pair("west", { name: "Van 2" });
  await using one = await signedIn(browser, site, "west");
  await using other = await signedIn(browser, site, "west");
  await other.row("Van 1").click();
  await other.panel("Van 1").waitFor();

  await one.row("Van 1").click();
  await choose(one.page, "Unbind phone");
  await one.page.getByRole("dialog", { name: "Unbind Van 1?" }).getByRole("button", { name: "Unbind" }).click();
  for (const { page, row, panel } of [one, other]) {
    await row("Van 1").waitFor({ state: "detached" });
    await panel("Van 1").waitFor({ state: "detached" });
    await row("Van 2").waitFor();
    expect(await page.getByText("Van 1", { exact: true }).count()).toBe(0);
  }
  await van.closed;
});

test("two accounts on one server never see each other's vans", async () => {
  const ours = await site.device({ account: "ours", name: "Our van" });
  const foreign = await site.device({ account: "foreign", name: "Their van" });
  await using us = await signedIn(browser, site, "ours");
  await using them = await signedIn(browser, site, "foreign");
  await us.row("Our van").click();
  await them.row("Their van").click();
  await ours.reportLocation({ lat: 41.39, lon: 2.17 });
  await foreign.reportLocation({ lat: 41.41, lon: 2.19 });
  await expect.poll(us.position, soon).toEqual({ lat: 41.39, lon: 2.17 });
  await expect.poll(them.position, soon).toEqual({ lat: 41.41, lon: 2.19 });
  expect(await us.page.locator("[data-kind=van]").count()).toBe(1);
  expect(await them.page.locator("[data-kind=van]").count()).toBe(1);
  expect(await us.page.content()).not.toContain("Their van");
  expect(await them.page.content()).not.toContain("Our van");
});
