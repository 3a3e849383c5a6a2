import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetHub, pairingHub } from "@dsp-fleet/contract";
import { createHubClient, createRestClient, type HubClient } from "@dsp-fleet/fleet-client";
import { type RunningServer, startServer } from "@dsp-fleet/server/parts";
import { runFleet } from "@dsp-fleet/simulator";
import { pino } from "pino";

export const ana = { email: "ana@barcelona-parcels.example", password: "a good password" };

export type LastReport = {
  name: string;
  identifier: string;
  lat: number;
  lon: number;
  batteryPercent: number;
};

/** The demo's parts with data of their own that are gone afterwards. */
export type Site = AsyncDisposable & {
  readonly address: string;
  /** Drives the vans until the signal comes; the next call goes on from there. Rejects when one cannot be paired. */
  drive(vans: number, speedFactor: number, signal: AbortSignal): Promise<void>;
  /** How many vans are online. */
  online(): Promise<number>;
  /** A phone that reports once and is then not heard of any more. */
  lose(last: LastReport): Promise<void>;
  /** A phone that waits for its code to be entered. */
  codeOfAPhone(): Promise<string>;
  stop(): Promise<void>;
};

export async function openSite(root: string, city: string): Promise<Site> {
  const dataDir = await mkdtemp(join(tmpdir(), "dsp-fleet-pictures-"));
  const server: RunningServer = await startServer({
    settings: {
      port: 0,
      host: "127.0.0.1",
      dataDir,
      publicUrl: null,
      allowedOrigins: [],
      trustProxy: false,
      mapStyleUrl: "local",
      logLevel: "silent",
      metricsToken: null,
      databaseUrl: null,
    },
    logger: pino({ level: "silent" }),
    webRoot: join(root, "apps/dashboard/dist"),
    cityPath: city,
  });
  const address = `http://127.0.0.1:${server.port}`;
  const { accessToken } = await createRestClient({ baseUrl: address }).register({
    body: {
      ...ana,
      displayName: "Ana Soler",
      accountName: "Barcelona Parcels",
      country: "ES",
      timezone: "Europe/Madrid",
    },
  });
  const rest = createRestClient({ baseUrl: address, accessToken: () => accessToken });
  // Thousands of phones on one machine that all hear of each other would leave nothing for the picture.
  await rest.updateAccount({ body: { devicesSeePeers: false } });
  return {
    address,
    async drive(vans, speedFactor, signal) {
      await runFleet({
        baseUrl: address,
        vans,
        seed: 7,
        speedFactor,
        city,
        storesDir: join(dataDir, "phones"),
        signal,
        bind: async ({ code, name, identifier }) => void (await rest.bindByCode({ body: { code, name, identifier } })),
      });
    },
    async online() {
      const { devices } = await rest.fleetLive({});
      return devices.filter(({ isConnected }) => isConnected).length;
    },
    async lose({ name, identifier, ...report }) {
      const deviceGuid = crypto.randomUUID();
      const { code } = await rest.initDevice({ body: { deviceGuid } });
      const pairing = createHubClient(pairingHub, { baseUrl: address });
      const bound = new Promise<string>((resolve) =>
        pairing.on("DeviceBound", ({ bound: { accessToken: token } }) => resolve(token)),
      );
      await connected(pairing);
      await pairing.invoke("RegisterConnectionForPairing", { deviceGuid });
      await rest.bindByCode({ body: { code, name, identifier } });
      const token = await bound;
      await pairing.stop();
      const fleet = createHubClient(fleetHub, { baseUrl: address, accessToken: async () => token });
      await connected(fleet);
      await fleet.invoke("ReportLocation", report);
      await fleet.stop();
    },
    async codeOfAPhone() {
      const deviceGuid = crypto.randomUUID();
      return (await rest.initDevice({ body: { deviceGuid } })).code;
    },
    stop: () => server.stop(),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const connected = (hub: Pick<HubClient<typeof fleetHub>, "onConnected" | "start">): Promise<void> =>
  new Promise((resolve) => {
    hub.onConnected(resolve);
    hub.start();
  });
