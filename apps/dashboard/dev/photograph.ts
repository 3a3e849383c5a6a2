import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../../tests/lib/chromium.ts";

/** Photographs every scene: node photograph.ts <address of the scenes> <folder> [words to pick scenes by]. */
const [address = "", folder = "", ...words] = process.argv.slice(2);

type Scene = { name: string; query: string; act?: (page: Page) => Promise<void>; waitMs?: number };

const openPair = async (page: Page): Promise<void> => {
  await page.keyboard.press("p");
  await page.getByTestId("pair-code").waitFor();
};
const pickVan = (id: number) => async (page: Page) => {
  await page.getByTestId(`device-row-${id}`).click();
};
const submitCode =
  (code: string, identifier = "") =>
  async (page: Page) => {
    await openPair(page);
    await page.getByTestId("pair-code").pressSequentially(code);
    await page.getByTestId("pair-name").fill("Van 12");
    await page.getByTestId("pair-identifier").fill(identifier);
    await page.getByTestId("pair-submit").click();
    await page.waitForTimeout(600);
  };

const scenes: Scene[] = [
  { name: "sign-in", query: "session=none", waitMs: 500 },
  {
    name: "sign-in-wrong",
    query: "session=none",
    waitMs: 500,
    act: async (page) => {
      await page.getByLabel("E-mail").fill("ana@example.com");
      await page.getByRole("textbox", { name: "Password" }).fill("wrong");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(500);
    },
  },
  {
    name: "register",
    query: "session=none",
    waitMs: 500,
    act: async (page) => {
      await page.getByRole("button", { name: "Create an account" }).click();
      await page.getByRole("button", { name: "Create account" }).click();
    },
  },
  { name: "empty", query: "vans=0" },
  { name: "loading", query: "scene=loading", waitMs: 1500 },
  { name: "failing", query: "scene=failing" },
  { name: "vans-12", query: "vans=12", waitMs: 9000 },
  { name: "vans-1000", query: "vans=1000&spread=5200", waitMs: 9000 },
  { name: "picked", query: "vans=12", waitMs: 8000, act: pickVan(5) },
  { name: "picked-dark", query: "vans=12", waitMs: 4000, act: pickVan(3) },
  {
    name: "followed",
    query: "vans=60",
    waitMs: 7000,
    act: async (page) => {
      await pickVan(5)(page);
      await page.keyboard.press("f");
      await page.waitForTimeout(1500);
    },
  },
  { name: "pair", query: "vans=12", act: openPair },
  { name: "pair-unknown", query: "vans=12", act: submitCode("aaa-aaa") },
  { name: "pair-limited", query: "vans=12", act: submitCode("bbb bbb") },
  { name: "pair-taken", query: "vans=12", act: submitCode("K7M4QX", "taken") },
  {
    name: "rename-clash",
    query: "vans=12",
    act: async (page) => {
      await pickVan(5)(page);
      await page.getByRole("button", { name: "More about this van" }).click();
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("Clash");
      await page.getByRole("button", { name: "Save" }).click();
      await page.waitForTimeout(900);
    },
  },
  {
    name: "unbind",
    query: "vans=12",
    act: async (page) => {
      await pickVan(5)(page);
      await page.getByRole("button", { name: "More about this van" }).click();
      await page.getByRole("menuitem", { name: "Unbind" }).click();
    },
  },
  { name: "down", query: "vans=12&scene=down", waitMs: 9000 },
  {
    name: "keys",
    query: "vans=12",
    act: async (page) => {
      await page.keyboard.press("?");
    },
  },
  {
    name: "search-none",
    query: "vans=12",
    act: async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("zzz");
    },
  },
];

const sizes = { wide: [1440, 900], middle: [1024, 768], narrow: [390, 844] } as const;

await mkdir(folder, { recursive: true });
await using browser = await launchBrowser();
for (const [size, [width, height]] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const scene of scenes) {
      const name = `${scene.name}-${size}-${colorScheme}`;
      if (words.length > 0 && !words.every((word) => `-${name}-`.includes(`-${word}-`) || name.startsWith(word)))
        continue;
      await using context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: "en-GB" });
      const page = await context.newPage();
      page.on("pageerror", (error) => process.stderr.write(`${name}: ${error.message}\n`));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning")
          process.stderr.write(`${name}: ${message.text()}\n`);
      });
      await page.goto(`${address}/dev/scenes.html?${scene.query}`);
      await page.waitForTimeout(scene.waitMs ?? 3500);
      try {
        await scene.act?.(page);
      } catch (error) {
        process.stderr.write(`${name}: ${String(error).split("\n")[0]}\n`);
      }
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${folder}/${name}.png`, timeout: 90_000 });
    }
  }
}
