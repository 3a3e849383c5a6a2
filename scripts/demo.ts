import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ensureCity } from "@dsp-fleet/city";
import { createRestClient, FleetError } from "@dsp-fleet/fleet-client";
import { readSettings, startServer } from "@dsp-fleet/server/parts";
import { runFleet } from "@dsp-fleet/simulator";
import { buildDashboard } from "./lib/build-dashboard.ts";

const vans = Number(process.env["DEMO_VANS"] ?? 12);
const seed = 7;

type Credentials = { email: string; password: string };

const root = resolve(import.meta.dirname, "..");
const say = (text: string) => process.stdout.write(`${text}\n`);

/** The demo's own sign-in, made at its first start and kept beside its data. */
async function credentialsIn(dataDir: string): Promise<Credentials> {
  const path = join(dataDir, "demo-sign-in.json");
  const kept = await readFile(path, "utf8").catch(() => null);
  if (kept !== null) return JSON.parse(kept) as Credentials;
  const made = { email: "demo@dsp-fleet.example", password: randomBytes(9).toString("base64url") };
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  return made;
}

/** What the demo's dispatchers say often. */
const templates = [
  {
    title: "Call the depot",
    body: "Please call the depot when you can.",
    quickReplies: ["Calling now", "In 10 minutes"],
  },
  {
    title: "Where are you?",
    body: "You are late on your route. When will you be back on it?",
    quickReplies: ["10 min", "30 min"],
  },
  { title: "Road closed", body: "Ronda Litoral is closed. Go by the Diagonal.", displaySeconds: 120 },
];

/** Signs in, or registers at the first start; gives the access token. */
async function signIn(baseUrl: string, { email, password }: Credentials): Promise<string> {
  const rest = createRestClient({ baseUrl });
  try {
    return (await rest.login({ body: { email, password } })).accessToken;
  } catch (error) {
    if (!(error instanceof FleetError) || error.code !== "invalid-credentials") throw error;
  }
  const { accessToken } = await rest.register({
    body: {
      email,
      password,
      displayName: "Ana Soler",
      accountName: "Barcelona Parcels",
      country: "ES",
      timezone: "Europe/Madrid",
    },
  });
  const signedIn = createRestClient({ baseUrl, accessToken: () => accessToken });
  for (const body of templates) await signedIn.createMessageTemplate({ body });
  return accessToken;
}

async function demo(): Promise<void> {
  const dataDir = process.env["DATA_DIR"] ?? join(root, "data/demo");
  const settings = readSettings({ MAP_STYLE_URL: "local", LOG_LEVEL: "warn", ...process.env, DATA_DIR: dataDir });
  const stopping = new AbortController();

  say("DSP Fleet demo: getting ready …");
  const [city] = await Promise.all([
    ensureCity({ log: (text) => say(`  ${text}`), signal: stopping.signal }),
    buildDashboard(root, (text) => say(`  ${text}`)),
  ]);
  const server = await startServer({ settings, webRoot: join(root, "apps/dashboard/dist"), cityPath: city });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const credentials = await credentialsIn(dataDir);

  const stop = () => {
    if (stopping.signal.aborted) process.exit(1);
    say("\nStopping; the account, the vans and their last positions are kept …");
    stopping.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  let accessToken = await signIn(baseUrl, credentials);
  const rest = createRestClient({ baseUrl, accessToken: () => accessToken });
  say(`\n  Open  http://localhost:${server.port}   e-mail ${credentials.email}   password ${credentials.password}\n`);
  say(`  ${vans} vans drive in Barcelona. Ctrl-C stops; starting again goes on from here.`);

  await runFleet({
    baseUrl,
    vans,
    seed,
    speedFactor: 1,
    city,
    storesDir: join(dataDir, "phones"),
    signal: stopping.signal,
    log: (text) => say(`  ${text}`),
    async bind({ code, name, identifier }) {
      try {
        await rest.bindByCode({ body: { code, name, identifier } });
      } catch (error) {
        if (!(error instanceof FleetError) || error.code !== "unauthorized") throw error;
        accessToken = await signIn(baseUrl, credentials);
        await rest.bindByCode({ body: { code, name, identifier } });
      }
    },
  });
  await server.stop();
}

await demo();
