import { parseArgs } from "node:util";

export type Arguments = {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly vans: number;
  readonly seed: number;
  readonly speed: number;
  readonly data: string;
};

export class ArgumentsError extends Error {
  override readonly name = "ArgumentsError";
}

export const USAGE = `Vans that drive delivery routes and report as phones do.

  node apps/simulator/src/main.ts --url http://127.0.0.1:8080 --email you@example.com --password …

  --url       the server
  --email     a dispatcher or owner, whose account the phones are bound to
  --password  (or the variable SIMULATOR_PASSWORD, which other users of the machine cannot see)
  --vans      1 to 1000, default 12
  --seed      a whole number, default 1; the same seed is the same vans on the same routes
  --speed     van seconds in one second, default 1
  --data      where the phones keep what they know, default data/simulator`;

/** The command line, checked; a wrong one is an ArgumentsError that names the option. */
export const readArguments = (args: readonly string[], environment: NodeJS.ProcessEnv): Arguments => {
  const values = parsed(args);
  const number = (name: "vans" | "seed" | "speed", test: (value: number) => boolean, must: string): number => {
    const value = Number(values[name]);
    if (!test(value)) throw new ArgumentsError(`--${name} must be ${must}`);
    return value;
  };
  const text = (name: "url" | "email" | "password", given: string | undefined): string => {
    if (given === undefined || given === "") throw new ArgumentsError(`--${name} is missing`);
    return given;
  };
  const url = text("url", values.url);
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new ArgumentsError("--url must be a http:// or https:// address");
  return {
    url: url.replace(/\/+$/, ""),
    email: text("email", values.email),
    password: text("password", values.password ?? environment["SIMULATOR_PASSWORD"]),
    vans: number("vans", (value) => Number.isInteger(value) && value >= 1 && value <= 1000, "1 to 1000"),
    seed: number("seed", Number.isInteger, "a whole number"),
    speed: number("speed", (value) => value > 0 && value <= 100, "more than 0, at most 100"),
    data: values.data,
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: "string" },
        email: { type: "string" },
        password: { type: "string" },
        vans: { type: "string", default: "12" },
        seed: { type: "string", default: "1" },
        speed: { type: "string", default: "1" },
        data: { type: "string", default: "data/simulator" },
      },
    }).values;
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : String(error));
  }
};
