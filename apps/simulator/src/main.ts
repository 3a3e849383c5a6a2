import {
  createRestClient,
  createSession,
  FleetError,
  isFleetError,
  memoryStorage,
  type Session,
} from "@dsp-fleet/fleet-client";
import { ArgumentsError, readArguments, USAGE } from "./arguments.ts";
import { loadCityRoads, NoRoadsError } from "./road/load-city-roads.ts";
import { runFleet } from "./run.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const main = async (): Promise<void> => {
  if (process.argv.includes("--help")) return say(USAGE);
  const { url, email, password, vans, seed, speed, data } = readArguments(process.argv.slice(2), process.env);

  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(130);
    say("Stopping; the phones keep what they have not sent …");
    stopping.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  const rest = createRestClient({ baseUrl: url, accessToken: (refused) => session.accessToken(refused) });
  const session: Session = createSession({ rest, storage: memoryStorage(), locks: null });
  await session.signIn({ email, password });
  say(`Signed in to ${session.signedIn?.account.name ?? url}.`);
  const roads = await loadCityRoads({ log: say, signal: stopping.signal });
  const summary = await runFleet({
    baseUrl: url,
    vans,
    seed,
    speedFactor: speed,
    city: roads,
    storesDir: data,
    signal: stopping.signal,
    log: say,
    async bind(request) {
      await rest.bindByCode({ body: request });
    },
  });
  await session.signOut();
  say(
    `${summary.live} positions shown, ${summary.accepted} fixes kept by the server, ${summary.queued} still on the phones.`,
  );
};

/** What went wrong, in words for whoever started it; null for what should not happen at all. */
const explain = (error: unknown): string | null => {
  if (error instanceof ArgumentsError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof NoRoadsError) return error.message;
  if (isFleetError(error, "unreachable")) return "No server answers at --url; is it running?";
  if (error instanceof FleetError) return `The server said: ${error.detail} (${error.code})`;
  return null;
};

try {
  await main();
} catch (error) {
  const words = explain(error);
  if (words === null) throw error;
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
}
