import type { FleetHub, MethodName, PairingHub } from "@dsp-fleet/contract";
import type { Rate } from "./token-buckets.ts";

/** Calls of one device or user. A phone reports each 2 s at most; the burst lets it tell what a short gap held back. */
export const fleetRates: Record<MethodName<FleetHub>, Rate> = {
  RequestTokenRefresh: { burst: 20, perSecond: 1 },
  ReportLocation: { burst: 600, perSecond: 20 },
  ReportDeviceInfo: { burst: 100, perSecond: 5 },
  // A phone that comes back acknowledges all that waited for it, some of it more than once.
  MessageReceived: { burst: 600, perSecond: 20 },
  MessageSeen: { burst: 600, perSecond: 20 },
  MessageResponse: { burst: 200, perSecond: 5 },
  ReportSamples: { burst: 200, perSecond: 10 },
};

/** Calls of one address, which may be a whole depot behind one router. */
export const pairingRates: Record<MethodName<PairingHub>, Rate> = {
  // The contract lets it never throw, so only a flood is refused.
  RegisterConnectionForPairing: { burst: 2_000, perSecond: 200 },
  RequestPairingCode: { burst: 300, perSecond: 5 },
};

/** Pairing codes asked for over HTTP by one address. */
export const initRate: Rate = { burst: 300, perSecond: 10 };

/** Batches of kept fixes by one phone: a phone that was away for a week sends 30 large ones or some hundred small ones. */
export const historySyncRate: Rate = { burst: 300, perSecond: 5 };

/** History asked for by one user: a whole depot's vans one after the other. */
export const requestHistoryRate: Rate = { burst: 300, perSecond: 5 };

/** Tracks, trips and stops read by one user; a month of one costs a second or two of the server. */
export const readHistoryRate: Rate = { burst: 300, perSecond: 5 };

/** Fresh tokens of one device, which needs one a month. */
export const tokenRenewalRate: Rate = { burst: 20, perSecond: 1 / 60 };

/** Fast location asked for or taken back by one user: a whole depot's vans one after the other. */
export const fastLocationRate: Rate = { burst: 300, perSecond: 5 };

/** Rescues started or ended by one user: each is an event to the whole account. */
export const rescueRate: Rate = { burst: 60, perSecond: 1 };
