import { isFleetError } from "@dsp-fleet/fleet-client";
import type { Text } from "../text/i18n.ts";

/** An error in words: what happened, what is safe, what to do. */
export function problemText(t: Text, error: unknown): string {
  if (!isFleetError(error)) return t("problem.unexpected");
  switch (error.code) {
    case "rate-limited":
      return error.retryAfterSeconds === null
        ? t("problem.rateLimitedSoon")
        : t("problem.rateLimited", { wait: waitText(t, error.retryAfterSeconds) });
    case "unreachable":
      return t("problem.unreachable");
    case "internal":
      return t("problem.internal", { trace: error.traceId ?? "500" });
    case "unavailable":
    case "request-timeout":
      return t("problem.unavailable");
    case "forbidden":
    case "foreign-origin":
      return t("problem.forbidden");
    case "not-found":
      return t("problem.notFound");
    case "invalid-credentials":
      return t("problem.invalidCredentials");
    case "email-in-use":
      return t("problem.emailInUse");
    case "last-owner":
      return t("people.lastOwner");
    case "invitation-unknown":
      return t("invite.unknown.next");
    case "code-unknown":
      return t("problem.codeUnknown");
    case "identifier-taken":
      return t("problem.identifierTaken");
    case "version-mismatch":
      return t("rename.conflict");
    case "unauthorized":
    case "invalid-refresh-token":
      return t("problem.unauthorized");
    case "invalid-request":
      return t("problem.invalid");
    default:
      return t("problem.unexpected");
  }
}

/** Up to two minutes in seconds, then in minutes, rounded up: never promised too early. */
function waitText(t: Text, seconds: number): string {
  return seconds < 120
    ? t("time.seconds", { count: Math.max(1, Math.ceil(seconds)) })
    : t("time.minutes", { count: Math.ceil(seconds / 60) });
}
