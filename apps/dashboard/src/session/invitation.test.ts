import { expect, test } from "vitest";
import { createInvitationLink } from "./invitation.ts";

function aPage(address: string) {
  const listeners = new Set<() => void>();
  const page = {
    location: new URL(address, "https://fleet.example"),
    history: {
      replaceState: (_state: unknown, _title: string, to?: string | URL | null) => {
        page.location = new URL(to ?? "", page.location);
      },
    },
    addEventListener: (_type: "hashchange", listener: () => void) => void listeners.add(listener),
    follow(fragment: string) {
      page.location = new URL(fragment, page.location);
      for (const listener of listeners) listener();
    },
  };
  return page;
}

test("the token leaves the address at once and stays with the page", () => {
  const page = aPage("/accept-invite?from=mail#aW52-aXRh_dGlvbg");
  const link = createInvitationLink(page);
  expect(page.location.href).toBe("https://fleet.example/accept-invite");
  expect(link.invitation()).toEqual({ token: "aW52-aXRh_dGlvbg" });
  expect(link.invitation()).toBe(link.invitation());
});

test("another link in the same tab takes the place of the first", () => {
  const page = aPage("/accept-invite/#first");
  const link = createInvitationLink(page);
  const told: unknown[] = [];
  link.onChange(() => told.push(link.invitation()));
  page.follow("#second");
  expect(told).toEqual([{ token: "second" }]);
  expect(page.location.hash).toBe("");
});

test.each(["/accept-invite", "/accept-invite#", "/accept-invite#two%20words", `/accept-invite#${"a".repeat(129)}`])(
  "%s is an invitation without its token",
  (address) => {
    expect(createInvitationLink(aPage(address)).invitation()).toEqual({ token: null });
  },
);

test("no other address is touched", () => {
  const page = aPage("/#van-7");
  expect(createInvitationLink(page).invitation()).toBeNull();
  expect(page.location.hash).toBe("#van-7");
});

test("leaving goes to the live map", () => {
  const page = aPage("/accept-invite#first");
  const link = createInvitationLink(page);
  link.leave();
  expect([page.location.pathname, link.invitation()]).toEqual(["/", null]);
});
