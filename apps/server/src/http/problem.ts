import { type ErrorCode, errors, type Problem } from "@dsp-fleet/contract";

export type ProblemOptions = {
  /** Field → what is wrong with it. */
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  readonly retryAfterSeconds?: number;
  /** For the log alone. */
  readonly cause?: unknown;
};

/** An error that the caller is told of: a code of the contract and what to do about it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ErrorCode;
  readonly errors: Readonly<Record<string, readonly string[]>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function bodyTooLarge(bytes: number): ProblemError {
  const limit = bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / 1024 / 1024} MiB`;
  return new ProblemError("body-too-large", `A body may have at most ${limit} here.`);
}

export const problemContentType = "application/problem+json; charset=utf-8";

/** Where the documents explain a code; a reference relative to the server's own address. */
const problemType = (code: ErrorCode): string => `/docs/errors#${code}`;

export function problemBody(error: ProblemError, traceId: string): Problem {
  const { status, title } = errors[error.code];
  const body: Problem = {
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    code: error.code,
    traceId,
  };
  if (error.errors === undefined) return body;
  return {
    ...body,
    errors: Object.fromEntries(Object.entries(error.errors).map(([field, words]) => [field, [...words]])),
  };
}

/** Seconds after which a caller may try again, where that makes sense at all. */
export function retryAfterSeconds(error: ProblemError): number | null {
  if (error.retryAfterSeconds !== undefined) return Math.max(1, Math.ceil(error.retryAfterSeconds));
  const { status } = errors[error.code];
  return status === 503 || status === 429 ? 1 : null;
}
