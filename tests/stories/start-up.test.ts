import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Exit, startAndEnd, startServerProcess } from "../lib/server-process.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dsp-fleet-start-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

/** How the server ended: its words, all of them where they are one line, and its exit code. */
const refusal = ({ code, stderr }: Exit) => ({ code, stderr });
const names = (setting: string) => ({
  code: 1,
  stderr: expect.stringMatching(
    new RegExp(`^DSP Fleet cannot start[.] [^\n]*${RegExp.escape(setting)}[^\n]*\n$`),
  ) as string,
});

describe("a setting that is wrong is named, without a stack, and the server does not start", () => {
  test.concurrent.each([
    ["PORT", "eighty"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["HOST", "192.0.2.1"],
    ["DATA_DIR", "/proc/nothing/here"],
    ["DATABASE_URL", "mysql://localhost/fleet"],
    ["DATABASE_URL", "postgres://localhost"],
    ["DATABASE_URL", "localhost:5432/fleet"],
    ["REDIS_URL", "redis://localhost"],
    ["PUBLIC_URL", "fleet.example.com"],
    ["PUBLIC_URL", "ftp://fleet.example.com"],
    ["ALLOWED_ORIGINS", "https://a.example, b.example"],
    ["ALLOWED_ORIGINS", "https://a.example/path"],
    ["ALLOWED_ORIGINS", "*"],
    ["TRUST_PROXY", "maybe"],
    ["MAP_STYLE_URL", "style.json"],
    ["LOG_LEVEL", "loud"],
    ["METRICS_TOKEN", "short"],
    ["METRICS_TOKEN", "one that no header carries whole"],
  ])("%s=%s", async (setting, value) => {
    expect(refusal(await startAndEnd({ DATA_DIR: inFolder("settings"), [setting]: value }))).toEqual(names(setting));
  });
});

describe("the server does not start", () => {
  test("where no database server answers, and keeps the password to itself", async () => {
    const url = "postgres://fleet:guarded@127.0.0.1:1/vans";
    const exit = await startAndEnd({ DATA_DIR: inFolder("no-database"), DATABASE_URL: url });
    expect(refusal(exit)).toEqual(names("DATABASE_URL"));
    expect(exit.stderr).toContain("127.0.0.1:1");
    expect(exit.stdout + exit.stderr).not.toContain("guarded");
  });

  test("on a port that is taken, and says so", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = String(typeof address === "object" ? address?.port : 0);
    const exit = await startAndEnd({ DATA_DIR: inFolder("taken"), PORT: port });
    expect(refusal(exit)).toEqual(names("PORT"));
    expect(exit.stderr).toContain(port);
    await new Promise((resolve) => holder.close(resolve));
  });

  test("where the data folder would have to lie below a file", async () => {
    await writeFile(inFolder("file"), "");
    expect(refusal(await startAndEnd({ DATA_DIR: inFolder("file/data") }))).toEqual(names("DATA_DIR"));
  });

  test("on a data directory that another server uses", async () => {
    await using first = await startServerProcess();
    const exit = await startAndEnd({ DATA_DIR: first.dataDir });
    expect(refusal(exit)).toEqual(names("DATA_DIR"));
    expect(exit.stderr).toContain("in use");
  });

  test.each([
    ["a text", () => Buffer.from("this is not a database, but somebody's notes\n".repeat(50))],
    ["a torn database", () => Buffer.concat([Buffer.from("SQLite format 3\0"), randomBytes(8_176)])],
  ])("on a database file that is %s, and leaves the file untouched", async (name, content) => {
    const dataDir = inFolder(name);
    const file = join(dataDir, "dsp-fleet.sqlite");
    const bytes = content();
    await mkdir(dataDir);
    await writeFile(file, bytes);
    expect(refusal(await startAndEnd({ DATA_DIR: dataDir }))).toEqual(names(file));
    expect(await readFile(file)).toEqual(bytes);
  });

  test.each(["", "{}", "not json", '{"tokenKeys":[],"refreshKey":"x","pairingKey":"y"}'])(
    "on signing keys that are damaged, and leaves them untouched: %j",
    async (content) => {
      const dataDir = await mkdtemp(inFolder("keys-"));
      const file = join(dataDir, "signing-keys.json");
      await writeFile(file, content);
      const exit = await startAndEnd({ DATA_DIR: dataDir });
      expect(refusal(exit)).toEqual(names("DATA_DIR"));
      expect(exit.stderr).toContain(file);
      expect(await readFile(file, "utf8")).toBe(content);
    },
  );
});

describe("a running server", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("drains at %s: clients may come back, and it exits 0", async (signal) => {
    await using server = await startServerProcess();
    const clients = [await server.dashboard("north"), await server.device({ account: "north" })];
    const started = performance.now();
    const exit = await server.kill(signal);
    expect(exit).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(performance.now() - started).toBeLessThan(8_000);
    await Promise.all(clients.map(({ closed }) => closed));
    for (const client of clients) expect(client.wire.join()).toContain('{"type":7,"allowReconnect":true}');
  });

  test("loses no live fix when it drains", async () => {
    await using server = await startServerProcess();
    const van = await server.device({ account: "north" });
    await van.reportLocation({ lat: 33, lon: 44 });
    await server.kill("SIGTERM");
    await server.start();
    const { token } = await server.account("north");
    expect((await server.rest(`GET /api/devices/${van.id}`, { token })).body).toMatchObject({
      lastLat: 33,
      lastLon: 44,
    });
  });

  test("shows its metrics to whoever has METRICS_TOKEN alone", async () => {
    const metricsToken = "a-token-for-the-metrics";
    await using server = await startServerProcess({ METRICS_TOKEN: metricsToken });
    expect((await server.rest("GET /metrics")).status).toBe(401);
    expect((await server.rest("GET /metrics", { token: "another-token-altogether" })).status).toBe(401);
    const { token } = await server.account("north");
    expect((await server.rest("GET /metrics", { token })).status).toBe(401);
    const answer = await server.rest("GET /metrics", { token: metricsToken });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^dsp_fleet_devices_bound 0$/m);
  });

  test("writes no secret, position, code or query into its log", async () => {
    await using server = await startServerProcess({ LOG_LEVEL: "trace" });
    const account = await server.account("north");
    const phone = await server.phone();
    const pairing = await phone.connect();
    await server.enter("north", phone.code);
    const { bound } = (await pairing.next("DeviceBound")) as { bound: { deviceId: number; accessToken: string } };
    const van = await server.connectDevice(bound);
    await van.reportLocation({ lat: 12.345678, lon: 98.765432 });
    await server.rest(`POST /hubs/fleet/negotiate?access_token=${account.token}`);
    await server.rest(`GET /api/devices?cursor=secret-query&access_token=${account.token}`);
    await van.refusal("ReportLocation", 12.345678, "98.765432");
    const { stdout } = await server.kill("SIGTERM");
    expect(stdout.length).toBeGreaterThan(200);
    for (const secret of [
      account.token,
      account.auth.refreshToken,
      account.password,
      bound.accessToken,
      phone.guid,
      phone.code,
      "secret-query",
      "12.345678",
      "98.765432",
    ]) {
      expect(stdout).not.toContain(secret);
    }
  });
});
