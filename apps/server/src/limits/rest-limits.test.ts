import type { OperationId } from "@dsp-fleet/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Http } from "../http/create-http.ts";
import { stubHttp } from "../http/testing.ts";
import { createRestLimits } from "./rest-limits.ts";

let now: number;
let http: Http;

beforeEach(async () => {
  now = 0;
  http = await stubHttp({ limits: createRestLimits({ now: () => now, after: () => () => undefined }) });
});
afterEach(() => http.close());

const get = (url: string, as?: string) =>
  http.app.inject({ url, headers: as === undefined ? {} : { authorization: `Bearer ${as}` } });
async function statuses(times: number, url: string, as?: string): Promise<Map<number, number>> {
  const counted = new Map<number, number>();
  for (let n = 0; n < times; n += 1) {
    const { statusCode } = await get(url, as);
    counted.set(statusCode, (counted.get(statusCode) ?? 0) + 1);
  }
  return counted;
}

describe("calls of one operation", () => {
  test("are bounded for each who calls, with the seconds to wait; other callers and operations are not held up", async () => {
    expect(await statuses(1_005, "/api/devices/7", "viewer")).toEqual(
      new Map([
        [200, 1_000],
        [429, 5],
      ]),
    );
    const refused = await get("/api/devices/7", "viewer");
    expect(refused.json()).toMatchObject({ code: "rate-limited" });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await get("/api/devices/7", "owner")).statusCode).toBe(200);
    expect((await get("/api/devices", "viewer")).statusCode).toBe(200);
    now += 1_000;
    expect(await statuses(51, "/api/devices/7", "viewer")).toEqual(
      new Map([
        [200, 50],
        [429, 1],
      ]),
    );
  });

  test("of supervisors are not counted", async () => {
    expect(await statuses(2_100, "/health/live")).toEqual(new Map([[200, 2_100]]));
  });

  test("without a token are counted by address", () => {
    const limits = createRestLimits({ now: () => 0, after: () => () => undefined });
    const from = (address: string, id: OperationId = "refresh") => limits(id, { kind: "address", address });
    for (let n = 0; n < 2_000; n += 1) expect(from("203.0.113.1")).toBe(0);
    expect(from("203.0.113.1")).toBeGreaterThan(0);
    expect(from("203.0.113.2")).toBe(0);
  });
});
