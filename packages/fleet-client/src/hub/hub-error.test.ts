import { expect, test } from "vitest";
import { parseHubError } from "./hub-error.ts";

const prefix = "An unexpected error occurred invoking 'ReportLocation' on the server. HubException: ";

test.each([
  [`${prefix}invalid: lat must be at most 90`, "invalid", "lat must be at most 90"],
  [`${prefix}not-found: no such message`, "not-found", "no such message"],
  [`${prefix}rate-limited: wait: 3 s`, "rate-limited", "wait: 3 s"],
])("%s", (text, code, detail) => {
  expect(parseHubError(new Error(text))).toMatchObject({ code, detail });
});

test("a method that is not for this principal is unauthorized", () => {
  expect(parseHubError(new Error("Failed to invoke 'ReportLocation' because user is unauthorized")).code).toBe(
    "unauthorized",
  );
});

test.each([`${prefix}constructor: no`, "An unexpected error occurred invoking 'X' on the server.", ""])(
  "what has no code of the contract is unknown: %s",
  (text) => {
    expect(parseHubError(new Error(text))).toMatchObject({ code: "unknown", detail: text });
  },
);
