import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Http } from "./create-http.ts";
import { stubHttp } from "./testing.ts";

describe("the built dashboard", () => {
  let webRoot: string;
  let http: Http;

  beforeAll(async () => {
    webRoot = await mkdtemp(join(tmpdir(), "fleet-web-"));
    await mkdir(join(webRoot, "assets"));
    await writeFile(join(webRoot, "index.html"), "<title>Fleet</title>");
    await writeFile(join(webRoot, "assets", "app-1a2b3c.js"), "export const fleet = 1;");
    await writeFile(join(webRoot, "favicon.svg"), "<svg/>");
    http = await stubHttp({ webRoot });
  });

  afterAll(async () => {
    await http.close();
    await rm(webRoot, { recursive: true });
  });

  test.each(["/", "/devices", "/devices/7/history?from=1", "/index.html"])(
    "%s is the page, asked for anew each time",
    async (url) => {
      const answer = await http.app.inject({ url });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe("<title>Fleet</title>");
      expect(answer.headers["content-type"]).toMatch(/^text\/html/);
      expect(answer.headers["cache-control"]).toBe("no-cache");
      expect(answer.headers["content-security-policy"]).toContain("script-src 'self'");
    },
  );

  test("files with a hash in their name stay for a year", async () => {
    const answer = await http.app.inject({ url: "/assets/app-1a2b3c.js" });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toMatch(/javascript/);
    expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("other files are asked for anew", async () => {
    expect((await http.app.inject({ url: "/favicon.svg" })).headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    "/api/vans",
    "/hubs/fleet",
    "/docs/nothing",
    "/map/nothing",
    "/assets/gone-99.js",
    "/logo.png",
    "/../package.json",
  ])("%s is a 404 problem, not the page", async (url) => {
    const answer = await http.app.inject({ url });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "not-found" });
  });

  test("a page's address by another method is a 404 problem", async () => {
    expect((await http.app.inject({ method: "POST", url: "/devices" })).statusCode).toBe(404);
  });

  test("a known operation by another method is still a 405", async () => {
    expect((await http.app.inject({ url: "/api/auth/login" })).statusCode).toBe(405);
  });
});

test("without a build, / says how to make one", async () => {
  await using http = await stubHttp({ webRoot: "/nowhere" });
  const answer = await http.app.inject({ url: "/" });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain("npm run build:dashboard");
  expect((await http.app.inject({ url: "/devices" })).statusCode).toBe(404);
});
