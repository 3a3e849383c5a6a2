import {
  type Operation,
  type OperationAnswer,
  type OperationId,
  type OperationRequest,
  type Operations,
  operations,
} from "@dsp-fleet/contract";
import { type Clock, systemClock } from "../clock.ts";
import type { AccessTokenSource } from "../token-source.ts";
import { FleetError } from "./fleet-error.ts";
import { readProblem } from "./read-problem.ts";
import { requestUrl } from "./request-url.ts";

type Request<O extends Operation> = OperationRequest<O> & { signal?: AbortSignal };

/** Resolves to the answer of the contract (null for 204), rejects with FleetError. */
export type RestCall<O extends Operation> =
  Record<never, never> extends OperationRequest<O>
    ? (request?: Request<O>) => Promise<OperationAnswer<O>>
    : (request: Request<O>) => Promise<OperationAnswer<O>>;

/** One method for each operation of the contract. */
export type RestClient = { readonly [K in OperationId]: RestCall<Operations[K]> };

export type RestOptions = {
  /** `https://fleet.example`, also with a path; empty for the page's own origin. */
  baseUrl: string;
  accessToken?: AccessTokenSource;
  fetch?: typeof fetch;
  clock?: Clock;
  /** How long one call may take before it counts as unreachable. A phone on a bad network needs most of it. */
  timeoutMs?: number;
};

type AnyRequest = {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  ifMatch?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
};

export function createRestClient(options: RestOptions): RestClient {
  const call = createCaller(options);
  const methods = Object.entries(operations).map(([id, operation]) => [
    id,
    (request: AnyRequest = {}) => call(operation, request),
  ]);
  return Object.fromEntries(methods) as RestClient;
}

function createCaller(options: RestOptions) {
  const { baseUrl, accessToken = () => null, clock = systemClock, timeoutMs = 30_000 } = options;
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  async function attempt(operation: Operation, request: AnyRequest, token: string | null): Promise<unknown> {
    const headers = new Headers();
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (request.ifMatch !== undefined) headers.set("if-match", `"${request.ifMatch}"`);
    if (request.idempotencyKey !== undefined) headers.set("idempotency-key", request.idempotencyKey);
    if (request.body !== undefined) headers.set("content-type", "application/json");

    const timeout = new AbortController();
    const cancelTimeout = clock.after(timeoutMs, () => timeout.abort());
    const signal = request.signal === undefined ? timeout.signal : AbortSignal.any([request.signal, timeout.signal]);
    try {
      const response = await send(requestUrl(baseUrl, operation.path, request.params ?? {}, request.query ?? {}), {
        method: operation.method,
        headers,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal,
      });
      if (!response.ok) throw await readProblem(response, clock.now());
      return await readAnswer(operation, response);
    } catch (error) {
      if (error instanceof FleetError) throw error;
      request.signal?.throwIfAborted();
      const detail = timeout.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : "the server cannot be reached";
      throw new FleetError("unreachable", { status: null, detail, cause: error });
    } finally {
      cancelTimeout();
    }
  }

  return async function call(operation: Operation, request: AnyRequest): Promise<unknown> {
    if (operation.access === "anyone") return attempt(operation, request, null);
    const token = await accessToken();
    try {
      return await attempt(operation, request, token);
    } catch (error) {
      if (token === null || !(error instanceof FleetError) || error.code !== "unauthorized") throw error;
      const fresh = await accessToken(token);
      if (fresh === null || fresh === token) throw error;
      return attempt(operation, request, fresh);
    }
  };
}

async function readAnswer(operation: Operation, response: Response): Promise<unknown> {
  if (operation.answer.body === null) return null;
  if (operation.answer.contentType !== undefined) return response.text();
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FleetError("unexpected", { status: response.status, detail: "the answer is not JSON", cause });
  }
}
