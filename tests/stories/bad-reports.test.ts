import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import type { FleetDevice } from "../lib/people.ts";

let fleet: Fleet;
let van: FleetDevice;
let dashboard: HubClient;

beforeAll(async () => {
  fleet = await startFleet();
  van = await fleet.device({ account: "north" });
  dashboard = await fleet.dashboard("north");
});
afterAll(() => fleet[Symbol.asyncDispose]());

const thrown = (method: string, words: string) =>
  `An unexpected error occurred invoking '${method}' on the server. HubException: invalid: ${words}`;
const notBound = (method: string, words: string) =>
  `Failed to invoke '${method}' due to an error on the server. HubException: invalid: ${method} ${words}`;

const bad: [method: string, args: unknown[], text: string][] = [
  ["ReportLocation", [90.0001, 0], thrown("ReportLocation", "lat must be at most 90")],
  ["ReportLocation", [-91, 0], thrown("ReportLocation", "lat must be at least -90")],
  ["ReportLocation", [0, 180.5], thrown("ReportLocation", "lon must be at most 180")],
  ["ReportLocation", [0, -1e300], thrown("ReportLocation", "lon must be at least -180")],
  ["ReportLocation", ["52", 13], thrown("ReportLocation", "lat must be a number")],
  ["ReportLocation", ["NaN", 13], thrown("ReportLocation", "lat must be a number")],
  ["ReportLocation", [Number.NaN, 13], thrown("ReportLocation", "lat is missing")],
  ["ReportLocation", [Number.POSITIVE_INFINITY, 13], thrown("ReportLocation", "lat is missing")],
  ["ReportLocation", [1, null], thrown("ReportLocation", "lon is missing")],
  ["ReportLocation", [true, 1], thrown("ReportLocation", "lat must be a number")],
  ["ReportLocation", [[1], 1], thrown("ReportLocation", "lat must be a number")],
  ["ReportLocation", [{ lat: 1 }, 1], thrown("ReportLocation", "lat must be a number")],
  ["ReportLocation", [1, 1, 101], thrown("ReportLocation", "batteryPercent must be at most 100")],
  ["ReportLocation", [1, 1, -0.1], thrown("ReportLocation", "batteryPercent must be at least 0")],
  ["ReportLocation", [1, 1, "80"], thrown("ReportLocation", "batteryPercent must be a number")],
  ["ReportLocation", [1, 1, 1, "v".repeat(65)], thrown("ReportLocation", "appVersion can have at most 64 characters")],
  ["ReportLocation", [1, 1, 1, 2], thrown("ReportLocation", "appVersion must be text")],
  [
    "ReportLocation",
    [1, 1, 1, "v", "l".repeat(65)],
    thrown("ReportLocation", "appLanguage can have at most 64 characters"),
  ],
  ["ReportLocation", [], notBound("ReportLocation", "takes 2 to 5 arguments, got 0")],
  ["ReportLocation", [1], notBound("ReportLocation", "takes 2 to 5 arguments, got 1")],
  ["ReportLocation", [1, 1, 1, "v", "l", "extra"], notBound("ReportLocation", "takes 2 to 5 arguments, got 6")],
  ["ReportDeviceInfo", [100.5], thrown("ReportDeviceInfo", "batteryPercent must be at most 100")],
  ["ReportDeviceInfo", [1, "v", "l", "x"], notBound("ReportDeviceInfo", "takes 0 to 3 arguments, got 4")],
  ["ReportSamples", [], notBound("ReportSamples", "takes 1 arguments, got 0")],
  ["ReportSamples", [null], thrown("ReportSamples", "samples is missing")],
  ["ReportSamples", ["x"], thrown("ReportSamples", "samples must be a list")],
  ["ReportSamples", [[]], thrown("ReportSamples", "samples must not be empty")],
  ["RequestTokenRefresh", [], notBound("RequestTokenRefresh", "takes 1 arguments, got 0")],
  ["RequestTokenRefresh", [""], thrown("RequestTokenRefresh", "refreshToken must not be empty")],
  ["RequestTokenRefresh", [7], thrown("RequestTokenRefresh", "refreshToken must be text")],
  [
    "RequestTokenRefresh",
    ["r".repeat(513)],
    thrown("RequestTokenRefresh", "refreshToken can have at most 512 characters"),
  ],
];

describe("a bad call", () => {
  test.each(bad.map(([method, args, text]) => [`${method}(${JSON.stringify(args).slice(1, 41)})`, method, args, text]))(
    "%s is refused in stable words",
    async (_, method, args, text) => {
      expect(await van.refusal(method, ...args)).toBe(text);
    },
  );

  test("of a method that is not there is refused as such", async () => {
    expect(await van.refusal("Explode")).toBe(
      "Failed to invoke 'Explode' due to an error on the server. HubException: Method does not exist.",
    );
    expect(await van.refusal("constructor")).toContain("Method does not exist.");
    expect(await van.refusal("onConnected")).toContain("Method does not exist.");
  });

  test.each(["ReportLocation", "ReportDeviceInfo", "ReportSamples"])(
    "of %s by a dashboard is unauthorized",
    async (method) => {
      expect(await dashboard.refusal(method, 1, 1)).toBe(`Failed to invoke '${method}' because user is unauthorized`);
    },
  );

  test("of MessageReceived and its like, which a device of the first path does not have, leaves the connection open", async () => {
    expect(await van.refusal("MessageReceived", crypto.randomUUID())).toContain("HubException: ");
  });

  test("has left the connection open and changed nothing", async () => {
    const { token } = await fleet.account("north");
    expect((await fleet.rest(`GET /api/devices/${van.id}`, { token })).body).toMatchObject({
      isConnected: true,
      lastLat: null,
      batteryLevelPercent: null,
      appVersion: null,
    });
    await aWhile();
    expect(dashboard.received).toEqual([]);
    await van.reportLocation({ lat: 1, lon: 1 });
    expect(await dashboard.next("DeviceUpdated")).toMatchObject({ deviceId: van.id, lastLat: 1 });
  });
});
