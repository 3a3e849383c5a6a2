import type { ErrorCode } from "@dsp-fleet/contract";

/** The contract's codes; `unreachable`: no answer came; `unexpected`: the answer is not one of the contract. */
export type FleetErrorCode = ErrorCode | "unreachable" | "unexpected";

type Details = {
  /** The HTTP status; null when no answer came. */
  status: number | null;
  detail: string;
  /** What is wrong by field, for `invalid-request`. */
  errors?: Readonly<Record<string, readonly string[]>> | undefined;
  retryAfterSeconds?: number | null;
  traceId?: string | null;
  cause?: unknown;
};

/** What a REST call throws; an aborted call throws its signal's reason instead. */
export class FleetError extends Error {
  readonly code: FleetErrorCode;
  readonly status: number | null;
  readonly detail: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly retryAfterSeconds: number | null;
  readonly traceId: string | null;

  constructor(code: FleetErrorCode, details: Details) {
    super(`${code}: ${details.detail}`, { cause: details.cause });
    this.name = "FleetError";
    this.code = code;
    this.status = details.status;
    this.detail = details.detail;
    this.errors = details.errors ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.traceId = details.traceId ?? null;
  }
}

/** True for a FleetError with that code. */
export function isFleetError(error: unknown, code?: FleetErrorCode): error is FleetError {
  return error instanceof FleetError && (code === undefined || error.code === code);
}
