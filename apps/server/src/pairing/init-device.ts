import { normalizeDeviceGuid, pairingCodeLifeMs, pairingHub } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { drawCode } from "./draw-code.ts";

/** Gives a phone a code to show; the same GUID again gets a fresh one and the old one is dead. */
export const initDevice =
  (app: App): RestHandlers["initDevice"] =>
  async ({ origin, remoteAddress }, { body }) => {
    const guid = typeof body.deviceGuid === "string" ? normalizeDeviceGuid(body.deviceGuid) : null;
    if (guid === null) {
      throw new ProblemError("bad-guid", "deviceGuid must be 32 hex digits, with or without hyphens.");
    }
    const wait = app.codeRequests.take(remoteAddress);
    if (wait > 0) {
      throw new ProblemError("rate-limited", "Too many codes were asked for from here. Try again shortly.", {
        retryAfterSeconds: wait,
      });
    }
    const now = app.clock.now();
    const guidHash = app.digests.ofGuid(guid);
    const info = {
      platform: body.platform ?? null,
      model: body.model ?? null,
      osVersion: body.osVersion ?? null,
      appVersion: body.appVersion ?? null,
      appLanguage: body.appLanguage ?? null,
    };
    const { code } = await drawCode(app, async (codeMac) =>
      (await app.pending.renewByGuid(guidHash, codeMac, info, now)) ? true : null,
    );
    return {
      deviceGuid: String(body.deviceGuid),
      code,
      expiresAt: isoTime(now + pairingCodeLifeMs),
      pairingHub: `${origin.http}${pairingHub.path}`,
    };
  };
