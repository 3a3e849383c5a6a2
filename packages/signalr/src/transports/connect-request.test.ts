import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConnectRequest } from "./connect-request.ts";

const request = (url: string, ...rawHeaders: string[]) =>
  parseConnectRequest({ url, rawHeaders, remoteAddress: "10.0.0.1", encrypted: false });

describe("a connect request", () => {
  test("shows query and headers in any case", () => {
    const seen = request("/Hubs/Fleet?Guid=a%20b&guid=c", "User-Agent", "x:y", "HOST", "fleet.example:80");
    expect(seen).toMatchObject({ path: "/Hubs/Fleet", host: "fleet.example:80" });
    expect([seen.query("gUID"), seen.query("none"), seen.header("user-AGENT"), seen.header("none")]).toEqual([
      "a b",
      null,
      "x:y",
      null,
    ]);
  });

  test("the bearer header wins over the query", () => {
    expect(request("/h?access_token=q", "Authorization", "bearer h").accessToken).toBe("h");
    expect(request("/h?Access_Token=q").accessToken).toBe("q");
    expect(request("/h", "Authorization", "Basic abc").accessToken).toBeNull();
  });

  test("what is kept of it holds no secret and everything else", () => {
    const kept = request(
      "/h?a=1&access_token=s3cret&id=s3cret&b=2",
      "Authorization",
      "Bearer s3cret",
      "Cookie",
      "s3cret",
      "X-App",
      "7",
      "Host",
      "h",
    ).forKeeping();
    expect([kept.query("a"), kept.query("b"), kept.header("x-app"), kept.host]).toEqual(["1", "2", "7", "h"]);
    expect([
      kept.accessToken,
      kept.query("access_token"),
      kept.query("id"),
      kept.header("authorization"),
      kept.header("cookie"),
    ]).toEqual([null, null, null, null, null]);
  });

  test("no address throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (url, headers) => {
        const seen = request(url, ...headers);
        seen.forKeeping().query("x");
        expect(seen.path).not.toContain("?");
      }),
    );
  });
});
