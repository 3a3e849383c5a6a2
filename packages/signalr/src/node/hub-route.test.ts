import { expect, test } from "vitest";
import { findRoute } from "./hub-route.ts";

const hubs = new Map([
  ["/hubs/fleet", "fleet"],
  ["/", "root"],
]);

test.each([
  ["/hubs/fleet", { hub: "fleet", action: "connect" }],
  ["/Hubs/FLEET/?id=1", { hub: "fleet", action: "connect" }],
  ["/HUBS/Fleet/Negotiate?NEGOTIATEVERSION=1", { hub: "fleet", action: "negotiate" }],
  ["/hubs/fleet/negotiate/", { hub: "fleet", action: "negotiate" }],
  ["/negotiate", { hub: "root", action: "negotiate" }],
  ["/hubs/fleet/other", null],
  ["/hubs/fleetnegotiate", null],
  ["*", null],
  ["", null],
])("%s", (url, route) => {
  expect(findRoute(hubs, url)).toEqual(route);
});
