import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

/** A fresh token for the device. The old one stays good until its end, so that a lost answer costs nothing. */
export const renewDeviceToken =
  (app: App): RestHandlers["renewDeviceToken"] =>
  async ({ principal }) => {
    const wait = app.tokenRenewals.take(principal.deviceId);
    if (wait > 0) {
      throw new ProblemError("rate-limited", "This phone renews its token too often.", { retryAfterSeconds: wait });
    }
    const { token, expiresAt } = await app.tokens.issueDevice(principal);
    return { accessToken: token, accessTokenExpiresAt: isoTime(expiresAt) };
  };
