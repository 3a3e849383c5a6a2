import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { signedIn, soon } from "./lib/dispatcher.ts";
import { colorOf, pictureOf } from "./lib/pixels.ts";
import { type Site, startSite } from "./lib/site.ts";
import { disc, ground, serveStyle } from "./lib/style-server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const place = { lat: 41.39, lon: 2.17 };
const mapOf = (page: Page) => page.locator("canvas.maplibregl-canvas");
/** The middle of all pixels of a colour on the map. */
const middleOf = async (page: Page, color: string) => (await pictureOf(mapOf(page), color)).wanted;

async function aVan(site: Site) {
  const van = await site.device({ account: "north", name: "Van 1" });
  await van.reportLocation({ ...place, batteryPercent: 70 });
  return van;
}

describe("with somebody else's style", () => {
  /** Foreign requests are no surprise here, to that one host. */
  const expects = (url: string) =>
    new RegExp(`^(asked ${new URL(url).origin}|console: Failed to load resource.*${new URL(url).origin})`);
  /** Nothing that a person would take for a fault. */
  const alarms = (page: Page) => page.locator("[role=alert], [role=alertdialog]").count();

  test("the map is that of the style, and the vans lie exactly on their places, also after zoom and drag", async () => {
    // As far north of the van as south of it, where neither marker nor name covers them: their middle is its place.
    const around = [0.004, -0.004].map((north) => ({ ...place, lat: place.lat + north }));
    await using style = await serveStyle("style", around);
    await using site = await startSite({ mapStyleUrl: style.url });
    await (await aVan(site)).stop();
    const policy = (await fetch(site.address)).headers.get("content-security-policy");
    expect(policy).toContain(`connect-src 'self' ws://${new URL(site.address).host} ${new URL(style.url).origin}`);

    await using dispatcher = await signedIn(browser, site, "north", { expects: expects(style.url) });
    const { page } = dispatcher;
    // Nothing else on the map is red.
    const red = await colorOf(page, "--dark");
    const isOnItsPlace = async () => {
      await expect.poll(async () => (await middleOf(page, disc)).count, soon).toBeGreaterThan(200);
      await expect.poll(async () => (await middleOf(page, red)).count, soon).toBeGreaterThan(20);
      const [below, van] = [await middleOf(page, disc), await middleOf(page, red)];
      expect(van.count).toBeGreaterThan(20);
      expect(Math.abs(van.x - below.x)).toBeLessThan(1);
      expect(Math.abs(van.y - below.y)).toBeLessThan(1);
      return below;
    };
    const first = await isOnItsPlace();
    expect((await middleOf(page, ground)).count).toBeGreaterThan(1000);

    await page.getByRole("button", { name: "Zoom out" }).click();
    await expect.poll(async () => (await middleOf(page, disc)).x, soon).not.toBeCloseTo(first.x, 0);
    const zoomed = await isOnItsPlace();

    const box = await mapOf(page).boundingBox();
    if (box === null) throw new Error("the map is not there");
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 150, { steps: 8 });
    await page.mouse.up();
    await expect.poll(async () => (await middleOf(page, disc)).x, soon).toBeGreaterThan(zoomed.x + 50);
    await isOnItsPlace();
    expect(await alarms(page)).toBe(0);
  });

  test.each(["refuses", "hangs"] as const)(
    "that %s, the own map comes after a while and nobody is alarmed",
    async (answer) => {
      await using style = await serveStyle(answer);
      await using site = await startSite({ mapStyleUrl: style.url });
      await aVan(site);
      await using dispatcher = await signedIn(browser, site, "north", { expects: expects(style.url) });
      const { page } = dispatcher;
      // The vans wait for no style.
      const still = await colorOf(page, "--still");
      await expect.poll(async () => (await middleOf(page, still)).count, soon).toBeGreaterThan(20);
      await page.getByText(/OpenStreetMap|Natural Earth/).waitFor();
      await expect.poll(async () => (await pictureOf(mapOf(page))).colors, soon).toBeGreaterThan(8);
      expect(style.asked()).toBe(1);
      expect(await alarms(page)).toBe(0);
    },
  );
});

test("a circle of vans comes apart when it is pressed; a van that is pressed opens", async () => {
  await using site = await startSite();
  for (const [at, name] of ["Van 1", "Van 2", "Van 3"].entries()) {
    const van = await site.device({ account: "north", name });
    await van.reportLocation({ lat: place.lat, lon: place.lon + (at - 1) * 0.02 });
  }
  const far = await site.device({ account: "north", name: "Far away" });
  await far.reportLocation({ lat: 43.6, lon: 1.44 });
  await far.stop();
  await using dispatcher = await signedIn(browser, site, "north");
  const { page } = dispatcher;
  const still = await colorOf(page, "--still");
  await expect.poll(async () => (await middleOf(page, await colorOf(page, "--dark"))).count, soon).toBeGreaterThan(20);
  const circle = await middleOf(page, still);
  expect(circle.count).toBeGreaterThan(80);

  await mapOf(page).click({ position: circle });
  const box = await mapOf(page).boundingBox();
  if (box === null) throw new Error("the map is not there");
  await expect
    .poll(async () => {
      await mapOf(page).click({ position: { x: box.width / 2, y: box.height / 2 } });
      return dispatcher.panel("Van 2").count();
    }, soon)
    .toBe(1);
});

test("a van without a position says so in the list, which counts what the map cannot show", async () => {
  await using site = await startSite();
  await aVan(site);
  const silent = await site.device({ account: "north", name: "Van 2" });
  await using dispatcher = await signedIn(browser, site, "north");
  await dispatcher.row("Van 2").getByText("no position yet").first().waitFor();
  await dispatcher.page.getByRole("heading", { name: "All 2 1 not on the map yet" }).waitFor();
  expect(await dispatcher.row("Van 1").textContent()).not.toContain("no position");
  await silent.reportLocation(place);
  await dispatcher.page.getByRole("heading", { name: "All 2", exact: true }).waitFor();
});

test("on a phone the names of the map's makers are folded, one press away", async () => {
  await using site = await startSite();
  await aVan(site);
  await using dispatcher = await signedIn(browser, site, "north", { viewport: { width: 390, height: 700 } });
  const { page } = dispatcher;
  const makers = page.getByText(/OpenStreetMap|Natural Earth/);
  await makers.waitFor({ state: "attached" });
  expect(await makers.isVisible()).toBe(false);
  await page.getByLabel("Toggle attribution").click();
  await makers.waitFor();
});
