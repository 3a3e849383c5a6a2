import { existsSync } from "node:fs";
import { join } from "node:path";
import { CITY_FILE, cityCacheDir } from "@dsp-fleet/city";
import { pino } from "pino";
import { DatabaseOpenError } from "./database/errors.ts";
import { ListenError } from "./http/listen.ts";
import { readSettings, type Settings } from "./settings/settings.ts";
import { SettingsError } from "./settings/settings-error.ts";
import { startServer } from "./start-server.ts";

/** After this the process ends whatever still runs: supervisors send SIGKILL at 30 s. */
const stopWithinMs = 20_000;

/** Reads the environment, serves until SIGTERM or Ctrl-C, drains, and exits 0. A start that fails says why in one line. */
export async function main(): Promise<void> {
  const settings = readOrExit();
  const logger = pino({ level: settings.logLevel });
  const root = join(import.meta.dirname, "../../..");
  const city = join(cityCacheDir(), CITY_FILE.cacheName);
  const server = await startServer({
    settings,
    logger,
    webRoot: join(root, "apps/dashboard/dist"),
    cityPath: existsSync(city) ? city : null,
  }).catch(exitWith);

  const address = `http://${settings.host === "0.0.0.0" ? "localhost" : settings.host}:${server.port}`;
  logger.info({ address }, `DSP Fleet serves at ${address}`);

  const stop = (reason: string, code: number) => {
    setTimeout(() => process.exit(code || 1), stopWithinMs).unref();
    logger.info({ reason }, "draining");
    server.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        logger.fatal({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", () => stop("SIGTERM", 0));
  process.once("SIGINT", () => stop("SIGINT", 0));
  process.once("uncaughtException", (error) => {
    logger.fatal(
      { err: error },
      "an error that nobody expected; the server stops rather than go on in an unknown state",
    );
    stop("uncaughtException", 1);
  });
}

function readOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  const known = error instanceof SettingsError || error instanceof ListenError || error instanceof DatabaseOpenError;
  process.stderr.write(
    known ? `DSP Fleet cannot start. ${error.message}\n` : `DSP Fleet cannot start.\n${(error as Error).stack}\n`,
  );
  process.exit(1);
}

await main();
