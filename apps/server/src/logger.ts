import type { Logger as PinoLogger } from "pino";

/** What the code logs with. Positions, secrets and query strings never reach it. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error" | "fatal">;
