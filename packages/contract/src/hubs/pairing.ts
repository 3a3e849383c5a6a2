import { z } from "zod";
import { deviceBound } from "../models.ts";
import { defineHub } from "./hub.ts";

export const pairingHub = defineHub({
  name: "PairingHub",
  path: "/hubs/pairing",
  summary: "Used while a phone shows its pairing code. Anonymous; a token is optional.",
  authentication: "optional",
  groups: {},
  methods: {
    RegisterConnectionForPairing: {
      access: "connection",
      summary:
        "Links this connection to the pending row made by POST /api/device/init. True when there is one, or when it was bound in the last 10 minutes and the phone has not collected it: DeviceBound then comes again.",
      params: { deviceGuid: z.unknown().nullable().meta({ title: "string (32 hex digits, hyphens optional)" }) },
      returns: z.boolean(),
    },
    RequestPairingCode: {
      access: "connection",
      summary: "A new code for a pending device tied to this connection; a second call replaces the first.",
      params: {},
      returns: z.string().meta({ title: "string (6 characters)" }),
    },
  },
  events: {
    DeviceBound: {
      to: "the pending connection",
      summary: "A dispatcher entered the code: the phone goes on to FleetHub with this token.",
      args: { bound: deviceBound },
    },
  },
});

export type PairingHub = typeof pairingHub;
