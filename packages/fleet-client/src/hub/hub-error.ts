import { type HubErrorCode, hubErrors } from "@dsp-fleet/contract";

/** The contract's codes; `unauthorized`: not for this principal; `disconnected`: the connection was or went away; `unknown`: the server failed. */
export type HubErrorKind = HubErrorCode | "unauthorized" | "disconnected" | "unknown";

/** What a hub call throws. After `disconnected` the call may or may not have happened. */
export class HubError extends Error {
  readonly code: HubErrorKind;
  readonly detail: string;

  constructor(code: HubErrorKind, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.name = "HubError";
    this.code = code;
    this.detail = detail;
  }
}

export function isHubError(error: unknown, code?: HubErrorKind): error is HubError {
  return error instanceof HubError && (code === undefined || error.code === code);
}

const isCode = (text: string): text is HubErrorCode => Object.hasOwn(hubErrors, text);

/** The text of a failed completion → HubError: `… HubException: invalid: lat must be …`. */
export function parseHubError(cause: unknown): HubError {
  if (cause instanceof HubError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (text.endsWith("because user is unauthorized")) return new HubError("unauthorized", text, cause);
  const [, code = "", detail = ""] = /HubException: ([a-z-]+): ([\s\S]*)$/.exec(text) ?? [];
  return isCode(code) ? new HubError(code, detail, cause) : new HubError("unknown", text, cause);
}
