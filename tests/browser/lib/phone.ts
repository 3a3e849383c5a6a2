import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { soon } from "./dispatcher.ts";

type Place = { latitude: number; longitude: number };

/** Where the phone's page comes from: an origin of its own, as a driver's app of somebody else would have. */
export type PhoneOrigin = AsyncDisposable & { readonly origin: string };

export async function servePhone(): Promise<PhoneOrigin> {
  const client = import.meta.resolve("@microsoft/signalr").replace(/\/dist\/.*$/, "/dist/browser/signalr.min.js");
  const files: Record<string, [string, Buffer]> = {
    "/": ["text/html", await readFile(new URL("phone.html", import.meta.url))],
    "/signalr.min.js": ["text/javascript", await readFile(fileURLToPath(client))],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[new URL(request.url ?? "/", "http://phone").pathname] ?? ["text/plain", null];
    response.writeHead(body === null ? 404 : 200, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type BrowserPhone = AsyncDisposable & {
  readonly page: Page;
  /** What it shows to be read out. */
  code(): Promise<string>;
  /** Waits until it says so. */
  says(text: string | RegExp): Promise<void>;
  /** Goes there and waits until the report was acknowledged. */
  moveTo(place: Place): Promise<void>;
};

/** A phone that stands somewhere and has asked for a code. */
export async function openPhone(browser: Browser, origin: string, host: string, at: Place): Promise<BrowserPhone> {
  const context = await browser.newContext({ viewport: { width: 390, height: 700 }, geolocation: at });
  await context.grantPermissions(["geolocation"], { origin });
  const page = await context.newPage();
  await page.goto(`${origin}/?host=${encodeURIComponent(host)}`);
  const reports = async () => Number(await page.locator("#reports").textContent());
  return {
    page,
    async code() {
      await page.locator("#code", { hasText: /^[A-Z2-9]{6}$/ }).waitFor();
      return (await page.locator("#code").textContent()) ?? "";
    },
    says: (text) => page.locator("#state", { hasText: text }).waitFor(),
    async moveTo(place) {
      const before = await reports();
      await context.setGeolocation(place);
      await expect.poll(reports, soon).toBeGreaterThan(before);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
