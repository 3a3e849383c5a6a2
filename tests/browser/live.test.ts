import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { enterCode, isLive, lineIs, openDashboard, register, soon } from "./lib/dispatcher.ts";
import { openPhone, servePhone } from "./lib/phone.ts";
import { colorOf, pictureOf } from "./lib/pixels.ts";
import { startSite } from "./lib/site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A street of Barcelona that runs north-east, in steps of 20 m. */
const street = (step: number) => ({ latitude: 41.3874 + step * 0.00014, longitude: 2.1686 + step * 0.00016 });

test("a dispatcher pairs a phone, sees its van drive, and both come back after the server was away", async () => {
  await using phones = await servePhone();
  await using site = await startSite({ allowedOrigins: [phones.origin] });
  await using dispatcher = await openDashboard(browser, site);
  const { page, watch } = dispatcher;

  await register(page, "north");
  await isLive(page);
  await page.getByRole("region", { name: "No vans yet" }).waitFor();

  await using phone = await openPhone(browser, phones.origin, site.address, street(0));
  const code = await phone.code();
  await page.getByRole("region", { name: "No vans yet" }).getByRole("button", { name: "Pair a phone" }).click();
  await enterCode(page, {
    code: `${code.slice(0, 3)} ${code.slice(3).toLowerCase()}`,
    name: "Van 7",
    identifier: "N-7",
  });
  await phone.says("driving Van 7");
  await dispatcher.row("Van 7").waitFor();
  await dispatcher.panel("Van 7").waitFor();
  expect(await page.getByRole("region", { name: "No vans yet" }).count()).toBe(0);

  const seenAt = (step: number) => {
    const { latitude: lat, longitude: lon } = street(step);
    return expect.poll(dispatcher.position, soon).toEqual({ lat, lon });
  };
  const age = () => page.getByTestId("device-age").textContent();
  await seenAt(0);

  for (let step = 1; step <= 3; step += 1) {
    await phone.moveTo(street(step));
    await seenAt(step);
    expect(await age()).toMatch(/^(?:just now|[0-3] s ago)$/);
  }
  await expect.poll(() => dispatcher.row("Van 7").textContent(), soon).toMatch(/^Van 7 N-7, Moving, .+battery 64 %/);

  const map = page.locator("canvas.maplibregl-canvas");
  const green = await colorOf(page, "--live");
  const marker = async () => (await pictureOf(map, green)).wanted;
  await expect.poll(async () => (await marker()).count, soon).toBeGreaterThan(40);
  expect((await pictureOf(map)).colors).toBeGreaterThan(20);
  const before = await marker();
  await phone.moveTo(street(9));
  await seenAt(9);
  await expect.poll(async () => (await marker()).x - before.x, soon).toBeGreaterThan(8);
  await expect.poll(async () => before.y - (await marker()).y, soon).toBeGreaterThan(8);

  await page.evaluate("window.isTheSamePage = true");
  watch.expect(/ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  await site.stop();
  await lineIs(page, "paused");
  await page.getByText("Live updates paused since").waitFor();
  await phone.says("no line");
  await dispatcher.row("Van 7").waitFor();

  await site.start();
  await phone.says("driving Van 7 again");
  await isLive(page);
  await phone.moveTo(street(10));
  await seenAt(10);
  expect(await page.getByText("Live updates paused since").count()).toBe(0);
  expect(await page.evaluate("window.isTheSamePage")).toBe(true);
});
