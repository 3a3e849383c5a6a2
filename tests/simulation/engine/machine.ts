import { errors, type Operation, type OperationId, operations } from "@dsp-fleet/contract";
import {
  type App,
  type Clock,
  createApp,
  type Logger,
  ProblemError,
  parseIdempotencyKey,
  refusal,
  restHandlers,
} from "@dsp-fleet/server/inside";
import type { Connection, RequestFacts } from "@dsp-fleet/signalr";
import type { Plant } from "../plants/plant.ts";
import type { Dice } from "./dice.ts";
import type { Store } from "./store.ts";
import { simulatedTokens } from "./tokens.ts";
import type { World } from "./world.ts";

export type RestRequest = {
  readonly operation: OperationId;
  readonly token?: string | null;
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly headers?: Record<string, string>;
};
export type RestAnswer = { readonly status: number; readonly text: string };

/** The server's machine: one process at a time, which may die at any moment, and a disk that stays. */
export type Machine = {
  /** The number of the process that serves now; null while none does. */
  readonly serving: number | null;
  start(): void;
  /** The process is gone this very moment, with all that it knew. */
  crash(): void;
  accept(transport: Connection, request: RequestFacts, answer: (status: number) => void): void;
  call(request: RestRequest, remoteAddress: string, answer: (answer: RestAnswer) => void): void;
};

type Life = { alive: boolean; readonly number: number };
type Serving = { life: Life; app: App; accept(transport: Connection, request: RequestFacts): Promise<number> };

export type MachineParts = {
  world: World;
  dice: Dice;
  store: Store;
  plant: Plant | null;
  /** Hears what the server logs as an error: the checker does not forgive the unexpected. */
  problem(text: string): void;
  served(process: number): void;
  died(process: number): void;
};

const origin = { http: "https://fleet.test", ws: "wss://fleet.test" };
const keys = {
  tokenKeys: [{ kid: "simulation", secret: "x".repeat(43) }],
  refreshKey: "r".repeat(43),
  pairingKey: "p".repeat(43),
};

export function createMachine({ world, dice, store, plant, problem, served, died }: MachineParts): Machine {
  let processes = 0;
  let starting: Life | null = null;
  let serving: Serving | null = null;

  const clockOf = (life: Life): Clock => ({
    now: world.now,
    after: (ms, run) =>
      world.after(ms, () => {
        if (!life.alive) return;
        world.stirred();
        run();
      }),
  });

  async function boot(life: Life): Promise<void> {
    const logger = loggerTo((text) => life.alive && problem(text));
    const realClock = clockOf(life);
    const clock = plant?.clock?.(realClock) ?? realClock;
    const database = await store.open(() => life.alive, logger);
    const { app, signalr } = await createApp({
      settings: { allowedOrigins: [], publicUrl: origin.http, trustProxy: false },
      clock,
      random: (length) => dice.bytes(length),
      logger,
      database,
      keys,
      tokens: simulatedTokens(realClock),
      passwords: {
        hash: (password) => Promise.resolve(`hash of ${password}`),
        matches: (password, hash) => Promise.resolve(hash === `hash of ${password}`),
      },
      defer: (run) => void realClock.after(0, run),
    });
    plant?.app?.(app, { clock: realClock });
    starting = null;
    serving = { life, app, accept: (transport, request) => signalr.accept(transport, request) };
    served(life.number);
  }

  const machine: Machine = {
    get serving() {
      return serving?.life.number ?? null;
    },
    start() {
      if (starting !== null || serving !== null) return;
      const life: Life = { alive: true, number: ++processes };
      starting = life;
      world.stirred();
      boot(life).catch((error: unknown) => {
        if (!life.alive) return;
        life.alive = false;
        starting = null;
        if (!isAway(error)) problem(`the server did not start: ${String(error)}`);
        // Whoever watches over it starts it again.
        world.after(restartAfterMs, () => machine.start());
      });
    },
    crash() {
      const life = serving?.life ?? starting;
      if (life === null) return;
      life.alive = false;
      starting = null;
      serving = null;
      died(life.number);
    },
    accept(transport, request, answer) {
      const here = serving;
      if (here === null) return;
      world.stirred();
      void here.accept(transport, request).then((status) => here.life.alive && answer(status));
    },
    call(request, remoteAddress, answer) {
      const here = serving;
      if (here === null) return;
      world.stirred();
      void answerRest(here.app, request, remoteAddress).then((reply) => here.life.alive && answer(reply));
    },
  };
  return machine;
}

const restartAfterMs = 1_000;

/** A full disk is no surprise. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "database-unavailable" || code === "database-busy";
}

type AnyHandler = (context: unknown, input: unknown) => unknown;

/** What http/ does with a request once it is read: who, may they, is it well formed, the handler, its answer. */
async function answerRest(app: App, request: RestRequest, remoteAddress: string): Promise<RestAnswer> {
  const operation: Operation = operations[request.operation];
  const { access } = operation;
  try {
    const token = request.token ?? null;
    const principal = token === null ? null : await app.authenticate(token);
    if (access !== "anyone" && access !== "operator") {
      if (principal === null) throw new ProblemError("unauthorized", "no good token");
      const reason = refusal(access, principal);
      if (reason !== null) throw new ProblemError("forbidden", reason);
    }
    const input = {
      params: operation.params?.parse(request.params ?? {}),
      query: operation.query?.parse(request.query ?? {}),
      body: operation.body?.parse(JSON.parse(JSON.stringify(request.body ?? {}))),
    };
    const header = request.headers?.["idempotency-key"];
    const context = {
      principal: access === "anyone" ? null : principal,
      remoteAddress,
      userAgent: "simulation",
      origin,
      ifMatch: request.ifMatch ?? null,
      idempotency: operation.idempotent === true ? parseIdempotencyKey(header, request.operation, input.body) : null,
      traceId: "0".repeat(32),
    };
    const handlers: Partial<Record<OperationId, unknown>> = restHandlers(app);
    const handler = handlers[request.operation] as AnyHandler;
    const answer = await handler(context, input);
    return { status: operation.answer.status, text: JSON.stringify(answer ?? null) };
  } catch (thrown) {
    const code = thrown instanceof ProblemError ? thrown.code : isAway(thrown) ? "unavailable" : "internal";
    if (code === "internal") app.logger.error({ err: thrown }, `${request.operation} failed`);
    return { status: errors[code].status, text: JSON.stringify({ code }) };
  }
}

/** Only errors are of interest. */
function loggerTo(problem: (text: string) => void): Logger {
  const nothing = () => undefined;
  const error = (fields: unknown, message?: unknown) => {
    const cause = (fields as { err?: unknown }).err;
    if (isAway(cause)) return;
    problem(`${String(message)}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  };
  const logger = { debug: nothing, info: nothing, warn: nothing, error, fatal: error };
  return logger;
}
