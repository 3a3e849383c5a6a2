import type { Member, Role } from "@dsp-fleet/contract";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../lib/chromium.ts";
import { barriers } from "./lib/barriers.ts";
import { isLive, openDashboard, signedIn, soon } from "./lib/dispatcher.ts";
import { type Site, startSite } from "./lib/site.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
  await site.pair("north", { name: "Van 1" });
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

const invited = (email: string, role: Role = "viewer") => site.invite("north", { email, role });

/** Somebody who opens a link in a browser of their own. */
async function follow(link: string, options?: BrowserContextOptions) {
  const guest = await openDashboard(browser, site, options);
  await guest.page.goto(link);
  return guest;
}

/** Fills the form in, and sends it by Enter. */
async function accept(page: Page, name = "Vera", password = "vera's password"): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.keyboard.press("Enter");
}

const title = (page: Page, text: string) => page.getByRole("heading", { level: 1, name: text }).waitFor();
const isInvited = (page: Page) => title(page, "You are invited to DSP Fleet");
const isGone = (page: Page) => title(page, "This link no longer works");

test("whoever is invited opens the link, chooses a name and a password, and sees the vans as a viewer", async () => {
  const { inviteUrl, token } = await invited("vera@example.com");
  await using guest = await follow(inviteUrl);
  const { page } = guest;
  await isInvited(page);
  expect(page.url()).toBe(`${site.address}/accept-invite`);
  expect(
    await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])"),
  ).not.toContain(token);
  await accept(page);
  await page.getByText("From now on you sign in with vera@example.com.").waitFor();
  await isLive(page);
  await guest.row("Van 1").waitFor();
  expect(new URL(page.url()).pathname).toBe("/");

  await page.getByRole("button", { name: "Vera, north" }).click();
  await page.getByText("north · Viewer").waitFor();
  await page.keyboard.press("Escape");
  expect(await page.getByRole("button", { name: "Pair a phone" }).count()).toBe(0);
  await page.reload();
  await isLive(page);
});

test("by keyboard alone: the name has the focus, then the password, and what is missing is said where it is", async () => {
  const { inviteUrl } = await invited("keys@example.com");
  await using guest = await follow(inviteUrl);
  const { page } = guest;
  await isInvited(page);
  await page.keyboard.press("Enter");
  await page.getByText("Fill this in.").waitFor();
  await page.getByText("Use at least 8 characters.").waitFor();
  expect(await page.getByLabel("Your name").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Your name").focus();
  await page.keyboard.type("Kim");
  await page.keyboard.press("Tab");
  await page.keyboard.type("kim's password");
  await page.keyboard.press("Enter");
  await isLive(page);
});

test("a link that was used says so, and leads to the way in", async () => {
  const { inviteUrl } = await invited("once@example.com");
  {
    await using first = await follow(inviteUrl);
    await accept(first.page, "Once", "once's password");
    await isLive(first.page);
  }
  await using second = await follow(inviteUrl);
  const { page, watch } = second;
  watch.expect(/status of 404/);
  await accept(page, "Twice");
  await isGone(page);
  expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill("once@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill("once's password");
  await page.keyboard.press("Enter");
  await isLive(page);
});

test("a link that was taken back says so; a fresh one in the same tab is taken", async () => {
  const { inviteUrl, member } = await invited("back@example.com");
  const { token } = await site.account("north");
  await site.rest(`DELETE /api/users/${member.id}`, { token });
  await using guest = await follow(inviteUrl);
  const { page, watch } = guest;
  watch.expect(/status of 404/);
  await accept(page);
  await isGone(page);
  await page.goto((await invited("back@example.com")).inviteUrl);
  await accept(page, "Back");
  await isLive(page);
  expect(await page.getByRole("button", { name: "Back, north" }).count()).toBe(1);
});

test("a link without its token says so; loaded again, the page is the same", async () => {
  await using guest = await follow((await invited("cut@example.com")).inviteUrl);
  const { page } = guest;
  await isInvited(page);
  await page.reload();
  await title(page, "This link is not complete");
  await page.goto(`${site.address}/accept-invite`);
  await title(page, "This link is not complete");
  expect(await page.getByRole("textbox").count()).toBe(0);
  await page.getByRole("button", { name: "Sign in" }).click();
  await title(page, "Sign in");
});

test("without a network the invitation is kept, and taken when there is one again", async () => {
  await using guest = await follow((await invited("offline@example.com")).inviteUrl);
  const { page, watch } = guest;
  watch.expect(/ERR_INTERNET_DISCONNECTED/);
  await isInvited(page);
  await page.context().setOffline(true);
  await accept(page, "Olaf");
  await page.getByRole("alert").filter({ hasText: "Your invitation stays on this page" }).waitFor();
  expect(await page.getByLabel("Your name").inputValue()).toBe("Olaf");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Accept invitation" }).click();
  await isLive(page);
});

test("too many attempts: the wait is told, what was typed stays, and the link is good after it", async () => {
  await using guest = await follow((await invited("patient@example.com")).inviteUrl);
  const { page, watch } = guest;
  watch.expect(/status of 429/);
  const path = "**/api/auth/accept-invite";
  const problem = { type: "/docs/errors#rate-limited", title: "Too many attempts", status: 429, code: "rate-limited" };
  await page.route(path, (route) =>
    route.fulfill({
      status: 429,
      headers: { "retry-after": "40" },
      contentType: "application/problem+json",
      body: JSON.stringify({ ...problem, detail: "Try again later.", traceId: "0" }),
    }),
  );
  await accept(page, "Pat");
  await page.getByRole("alert").filter({ hasText: "Too many attempts. Try again in 40 seconds." }).waitFor();
  expect(await page.getByLabel("Your name").inputValue()).toBe("Pat");
  await page.unroute(path);
  await page.keyboard.press("Enter");
  await isLive(page);
});

describe("the people page", () => {
  const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });
  const choose = async (page: Page, name: string, role: string) => {
    await page.getByRole("combobox", { name: `Role of ${name}` }).click();
    await page.getByRole("option", { name: role }).click();
  };
  const act = async (page: Page, name: string, action: string) => {
    await page.getByRole("button", { name: `More about ${name}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };

  test("an owner makes a link, which is shown once, and whoever opens it is one of the people", async () => {
    await using owner = await signedIn(browser, site, "north");
    const { page } = owner;
    await page.getByRole("button", { name: "People" }).click();
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail").fill("dora@example.com");
    await page.keyboard.press("Enter");
    const link = await dialog.getByLabel("Invitation link").inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    await row(page, "dora@example.com").getByText("link until").waitFor();
    await using guest = await follow(link);
    await accept(guest.page, "Dora");
    await isLive(guest.page);
    expect(await guest.page.getByRole("button", { name: "People" }).count()).toBe(0);
    await page.reload();
    await row(page, "Dora").getByText("Active").waitFor();
    expect(await page.content()).not.toContain(new URL(link).hash.slice(1));
    expect(new URL(page.url()).pathname).toBe("/settings/people");
    await page.goBack();
    await owner.row("Van 1").click();
    await owner.panel("Van 1").waitFor();
  });

  test("an address that signs somebody in already is told where it was typed", async () => {
    await using owner = await signedIn(browser, site, "north");
    const { page, watch } = owner;
    watch.expect(/status of 409/);
    await page.goto(`${site.address}/settings/people`);
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const field = page.getByRole("dialog").getByLabel("E-mail");
    await field.fill("north@example.com");
    await page.keyboard.press("Enter");
    await page.getByText("Somebody signs in with this address already.").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
  });

  test("roles change, people are disabled, enabled and removed after a question; the last owner stays one", async () => {
    const { id, email } = await site.colleague("east", "viewer");
    await using owner = await signedIn(browser, site, "east");
    const { page, watch } = owner;
    await page.goto(`${site.address}/settings/people`);
    const { token } = await site.account("east");
    const person = async () =>
      (await site.rest<{ items: Member[] }>("GET /api/users", { token })).body.items.find((one) => one.id === id);

    await choose(page, "A viewer", "Dispatcher");
    await expect.poll(async () => (await person())?.role, soon).toBe("dispatcher");
    await act(page, "A viewer", "Disable");
    await row(page, email).getByText("Disabled: cannot sign in").waitFor();
    await act(page, "A viewer", "Enable");
    await row(page, email).getByText("Active").waitFor();

    watch.expect(/status of 409/);
    await choose(page, "Dispatcher of east", "Viewer");
    await page.getByText("this is the only one. Make somebody else an owner first.").waitFor();

    await act(page, "A viewer", "Remove");
    await page.getByRole("button", { name: "Cancel" }).click();
    await act(page, "A viewer", "Remove");
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await row(page, email).waitFor({ state: "detached" });
    expect(await person()).toBeUndefined();
  });

  test("an owner who steps down sees the map, and the page no more", async () => {
    await site.colleague("down", "owner");
    await using owner = await signedIn(browser, site, "down");
    const { page } = owner;
    await page.goto(`${site.address}/settings/people`);
    await choose(page, "Dispatcher of down", "Dispatcher");
    await page.getByRole("button", { name: "People" }).waitFor({ state: "detached" });
    await isLive(page);
    expect(await page.getByRole("button", { name: "Invite somebody" }).count()).toBe(0);
  });
});

describe("who is signed in already", () => {
  test("may stay", async () => {
    await using owner = await signedIn(browser, site, "south");
    const { page } = owner;
    await page.goto((await invited("stay@example.com")).inviteUrl);
    await page.getByText("Dispatcher of south (south) is signed in here.").waitFor();
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await isLive(page);
    await page.getByRole("button", { name: "Dispatcher of south, south" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  test("is signed out by accepting, in every tab and on the server", async () => {
    await using owner = await signedIn(browser, site, "west");
    const { page, watch } = owner;
    watch.expect(/status of 401|WebSocket|Connection disconnected/);
    const refreshToken = "JSON.parse(localStorage.getItem('dsp-fleet.session')).auth.refreshToken";
    const before = await page.evaluate(refreshToken);
    const other = await page.context().newPage();
    await other.goto((await invited("other@example.com")).inviteUrl);
    await accept(other, "Otto");
    for (const tab of [other, page]) await tab.getByRole("button", { name: "Otto, north" }).waitFor();
    for (const tab of [other, page]) await isLive(tab);
    const { status } = await site.rest("POST /api/auth/refresh", { body: { refreshToken: before } });
    expect(status).toBe(401);
  });
});

describe.each(["light", "dark"] as const)(
  "nothing serious stands in the way of whoever is invited, %s:",
  (colorScheme) => {
    test("the form, its errors, and a link that is not good", async () => {
      await using guest = await follow((await invited(`${colorScheme}@example.com`)).inviteUrl, { colorScheme });
      const { page, watch } = guest;
      await isInvited(page);
      expect(await barriers(page, colorScheme)).toEqual([]);
      await page.getByRole("button", { name: "Accept invitation" }).click();
      await page.getByText("Fill this in.").waitFor();
      expect(await barriers(page, colorScheme)).toEqual([]);
      watch.expect(/status of 404/);
      await page.goto(`${site.address}/accept-invite#nobody-made-this`);
      await accept(page);
      await isGone(page);
      expect(await barriers(page, colorScheme)).toEqual([]);
    });

    test("the people, and inviting", async () => {
      await invited(`pending-${colorScheme}@example.com`);
      await using owner = await signedIn(browser, site, "north", { colorScheme });
      const { page } = owner;
      await page.goto(`${site.address}/settings/people`);
      await page.getByText(`pending-${colorScheme}@example.com`).waitFor();
      expect(await barriers(page, colorScheme)).toEqual([]);
      await page.getByRole("button", { name: "Invite somebody" }).click();
      await page.getByRole("dialog").getByLabel("E-mail").waitFor();
      expect(await barriers(page, colorScheme)).toEqual([]);
    });
  },
);
