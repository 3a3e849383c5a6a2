import { resolve } from "node:path";
import { z } from "zod";
import { SettingsError } from "./settings-error.ts";

const text = z.string().trim();
const httpUrl = text.refine((value) => /^https?:$/.test(protocolOf(value)), "must be a http:// or https:// address");
const flag = text.toLowerCase().pipe(z.enum(["true", "false", "1", "0", "yes", "no"], "must be true or false"));

const settingsSchema = z.object({
  PORT: text
    .regex(/^\d{1,5}$/, "must be a port from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a port from 0 to 65535")
    .default(8080),
  HOST: text.min(1).default("0.0.0.0"),
  DATA_DIR: text.min(1).default("./data"),
  DATABASE_URL: text
    .refine(isPostgresUrl, "must be postgres://user:password@host:port/database; unset it to use SQLite in DATA_DIR")
    .optional(),
  REDIS_URL: text.refine(() => false, "several nodes are not supported yet; unset it to run one node").optional(),
  PUBLIC_URL: httpUrl.transform((value) => value.replace(/\/+$/, "")).optional(),
  ALLOWED_ORIGINS: text
    .transform((value) =>
      value
        .split(",")
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ""),
    )
    .refine(
      (origins) => origins.every(isOrigin),
      "must be origins such as https://app.example.com, separated by commas",
    )
    .default([]),
  TRUST_PROXY: flag.transform((value) => ["true", "1", "yes"].includes(value)).default(false),
  MAP_STYLE_URL: z
    .union([z.literal("local"), httpUrl], "must be a http:// or https:// address, or local")
    .default("https://tiles.openfreemap.org/styles/liberty"),
  LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "must be one of fatal, error, warn, info, debug, trace, silent",
    )
    .default("info"),
  METRICS_TOKEN: text
    .min(16, "needs at least 16 characters")
    .regex(/^[\x21-\x7e]*$/, "must be of visible ASCII characters without blanks, as it comes in a header")
    .optional(),
});

/** What the environment says, checked. Times and sizes that nobody needs to set are constants beside their use. */
export type Settings = {
  port: number;
  host: string;
  dataDir: string;
  /** PostgreSQL; null for SQLite in `dataDir`. Holds a password: never log it. */
  databaseUrl: string | null;
  publicUrl: string | null;
  allowedOrigins: readonly string[];
  trustProxy: boolean;
  mapStyleUrl: string;
  logLevel: z.output<typeof settingsSchema>["LOG_LEVEL"];
  metricsToken: string | null;
};

/** Reads the settings; a wrong one is a SettingsError that names it. An empty value counts as unset. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SettingsError(String(issue?.path[0] ?? "settings"), issue?.message ?? "is not valid");
  }
  const settings = parsed.data;
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDir: resolve(settings.DATA_DIR),
    databaseUrl: settings.DATABASE_URL ?? null,
    publicUrl: settings.PUBLIC_URL ?? null,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    trustProxy: settings.TRUST_PROXY,
    mapStyleUrl: settings.MAP_STYLE_URL,
    logLevel: settings.LOG_LEVEL,
    metricsToken: settings.METRICS_TOKEN ?? null,
  };
}

function protocolOf(value: string): string {
  return URL.parse(value)?.protocol ?? "";
}

function isOrigin(value: string): boolean {
  return URL.parse(value)?.origin === value;
}

/** With a database named, and a user or a socket's folder as PostgreSQL's own tools write them. */
function isPostgresUrl(value: string): boolean {
  // Without a host, as for a socket, it is no address to the parser.
  const url = URL.parse(value.replace(/^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)\//, "$1socket/"));
  return url !== null && /^postgres(?:ql)?:$/.test(url.protocol) && url.host !== "" && url.pathname.length > 1;
}
