import { eventsWithDates, type HubHandlers, type PairingHub, pairingHub } from "@dsp-fleet/contract";
import type { HubDefinition } from "@dsp-fleet/signalr";
import type { App } from "../app.ts";
import { pairingRates } from "../limits/rates.ts";
import { createTokenBuckets } from "../limits/token-buckets.ts";
import { registerConnectionForPairing } from "../pairing/register-connection.ts";
import { requestPairingCode } from "../pairing/request-code.ts";
import { bindMethods } from "./bind-methods.ts";

export type PairingCall = {
  readonly app: App;
  readonly connectionId: string;
  readonly remoteAddress: string;
  /** Aborted when the connection ends; whoever waited for something looks again. */
  readonly signal: AbortSignal;
};

export type PairingHandlers = HubHandlers<PairingHub, PairingCall>;

const pairingHandlers: PairingHandlers = {
  RegisterConnectionForPairing: registerConnectionForPairing,
  RequestPairingCode: requestPairingCode,
};

/** Nobody needs to say who they are to pair; a token, good or bad, changes nothing. */
const anonymous = { kind: "accepted", principal: null, principalKey: "anonymous" } as const;

export function pairingHubDefinition(app: App): HubDefinition<null> {
  return {
    authenticate: () => anonymous,
    eventsWithDates: eventsWithDates(pairingHub),

    methods: bindMethods<PairingHub, null, PairingCall>({
      hub: pairingHub,
      handlers: pairingHandlers,
      buckets: {
        RegisterConnectionForPairing: createTokenBuckets(app.clock, pairingRates.RegisterConnectionForPairing),
        RequestPairingCode: createTokenBuckets(app.clock, pairingRates.RequestPairingCode),
      },
      bucketKey: (caller) => caller.request.remoteAddress,
      mayCall: () => true,
      contextOf: ({ connectionId, request, signal }) => ({
        app,
        connectionId,
        remoteAddress: request.remoteAddress,
        signal,
      }),
    }),

    async onDisconnected({ connectionId }) {
      app.pairingConnections.drop(connectionId);
      const own = app.ownPending.get(connectionId);
      app.ownPending.delete(connectionId);
      if (own === undefined) return;
      app.liveCodes.gone(own);
      await app.pending.withdraw(own);
    },
  };
}
