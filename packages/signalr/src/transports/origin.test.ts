import { expect, test } from "vitest";
import { isAllowedOrigin, originSet } from "./origin.ts";

test.each([
  [null, "fleet.example", true],
  ["https://fleet.example", "fleet.example", true],
  ["https://fleet.example", "fleet.example:443", true],
  ["https://FLEET.example", "fleet.EXAMPLE", true],
  ["http://fleet.example:8080", "fleet.example:8080", true],
  ["http://fleet.example:8081", "fleet.example:8080", false],
  ["https://app.example", "fleet.example", true],
  ["https://app.example.evil.example", "fleet.example", false],
  ["https://evil.example", "fleet.example", false],
  ["null", "fleet.example", false],
  ["null", "", false],
  ["https://evil.example", "", false],
])("origin %s at host %s: %s", (origin, host, allowed) => {
  expect(isAllowedOrigin(origin, host, originSet(["https://App.example/"]))).toBe(allowed);
});
