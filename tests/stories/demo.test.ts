import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRestClient, type RestClient } from "@dsp-fleet/fleet-client";
import { describe, expect, onTestFinished, test } from "vitest";

const script = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));
/** The first run of a machine fetches the city and builds the dashboard. */
const readyWithinMs = 120_000;
const vans = 3;

type Demo = { email: string; rest: RestClient; stop(): Promise<number | null> };

/** Starts the demo as `npm run demo` does, reads its line, and signs in with it. */
async function startDemo(dataDir: string): Promise<Demo> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: "0", HOST: "127.0.0.1", DEMO_VANS: String(vans) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const line = new Promise<RegExpExecArray>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Open +http:\/\/localhost:(\d+) +e-mail (\S+) +password (\S+)/.exec(output);
      if (found !== null) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`the demo ended: ${output}`)));
    setTimeout(() => reject(new Error(`the demo was not ready in time: ${output}`)), readyWithinMs).unref();
  });
  const [, port, email = "", password = ""] = await line;
  const baseUrl = `http://127.0.0.1:${port}`;
  const { accessToken } = await createRestClient({ baseUrl }).login({ body: { email, password } });
  return {
    email,
    rest: createRestClient({ baseUrl, accessToken: () => accessToken }),
    async stop() {
      const exit = once(child, "exit");
      child.kill("SIGINT");
      const [code] = await exit;
      return code as number | null;
    },
  };
}

describe("the demo", () => {
  test("shows vans that drive, and goes on with the same ones after Ctrl-C", { timeout: 240_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "dsp-fleet-demo-"));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const fleetOf = async (demo: Demo) => (await demo.rest.fleetLive()).devices;
    const haveReported = async (demo: Demo) => (await fleetOf(demo)).filter((device) => device.lastLat !== null).length;

    const first = await startDemo(dataDir);
    await expect.poll(() => haveReported(first), { timeout: 30_000 }).toBe(vans);
    const { items } = await first.rest.sendMessage({ body: { deviceIds: "all", body: "Drive safely" } });
    const isWithDriver = async ({ id }: { id: string }) => {
      const { receivedAt } = await first.rest.getMessage({ params: { id } });
      return receivedAt !== null;
    };
    await expect
      .poll(async () => (await Promise.all(items.map(isWithDriver))).some(Boolean), { timeout: 30_000 })
      .toBe(true);
    const before = await fleetOf(first);
    const positions = (devices: typeof before) => devices.map((device) => `${device.lastLat},${device.lastLon}`).join();
    await expect.poll(async () => positions(await fleetOf(first)), { timeout: 30_000 }).not.toBe(positions(before));
    expect(await first.stop()).toBe(0);

    const second = await startDemo(dataDir);
    expect(second.email).toBe(first.email);
    const after = await fleetOf(second);
    const identities = (devices: typeof before) =>
      devices.map(({ id, name, identifier, boundAt }) => ({ id, name, identifier, boundAt }));
    expect(identities(after)).toEqual(identities(before));
    expect(after.every((device) => device.lastLat !== null)).toBe(true);
    await expect
      .poll(async () => (await fleetOf(second)).filter((device) => device.isConnected).length, { timeout: 30_000 })
      .toBe(vans);
    expect(await second.stop()).toBe(0);
  });
});
