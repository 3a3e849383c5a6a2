import { normalizeDeviceGuid, pairingCodeLifeMs, pairingHub } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { drawCode, refuseWhileWaiting } from "./draw-code.ts";

/** Gives a phone a code to show; the same GUID again gets a fresh one and the old one is dead. */
export const initDevice =
  (app: App): RestHandlers["initDevice"] =>
  async ({ origin, remoteAddress }, { body }) => {
    const guid = typeof body.deviceGuid === "string" ? normalizeDeviceGuid(body.deviceGuid) : null;
    if (guid === null) {
      throw new ProblemError("bad-guid", "deviceGuid must be 32 hex digits, with or without hyphens.");
    }
    const now = app.clock.now();
    const guidHash = app.digests.ofGuid(guid);
    refuseWhileWaiting(app.codeRequests.take(remoteAddress));
    refuseWhileWaiting(app.liveCodes.take(remoteAddress, guidHash));
    const info = {
      platform: body.platform ?? null,
      model: body.model ?? null,
      osVersion: body.osVersion ?? null,
      appVersion: body.appVersion ?? null,
      appLanguage: body.appLanguage ?? null,
    };
    const { code, kept: pendingId } = await drawCode(app, (codeMac) =>
      app.pending.renewByGuid(guidHash, codeMac, info, now),
    );
    app.liveCodes.drawn(remoteAddress, guidHash, pendingId);
    return {
      deviceGuid: String(body.deviceGuid),
      code,
      expiresAt: isoTime(now + pairingCodeLifeMs),
      pairingHub: `${origin.http}${pairingHub.path}`,
    };
  };
