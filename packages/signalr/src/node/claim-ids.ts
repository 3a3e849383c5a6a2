import type { ConnectionIds, MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import type { TransportName } from "../transports/connection.ts";
import { type Reply, unknownConnection } from "./reply.ts";
import type { Accepted, ServerContext } from "./server-context.ts";

export const transportChange = "Cannot change transports mid-connection";

export type Claim =
  | { readonly kind: "claimed"; readonly ids: ConnectionIds }
  | { readonly kind: "refused"; readonly reply: Reply };

/** The negotiated ids, used up by this; new ones for a client that skipped negotiation. */
export function claimIds(
  context: ServerContext,
  hub: MountedHub,
  request: ParsedConnectRequest,
  admission: Accepted,
  transport: TransportName,
): Claim {
  const refused = (status: number, body = ""): Claim => ({ kind: "refused", reply: { status, body } });
  const isServed = hub.settings.transports.includes(transport);
  const notServed = () => refused(404, `${transport} transport not supported by this end point type`);
  const token = request.query("id");
  if (token === null || token === "") return isServed ? { kind: "claimed", ids: context.newIds() } : notServed();
  const active = context.connections.get(token);
  if (active?.hub === hub) {
    if (active.connection.principalKey !== admission.principalKey) return refused(403);
    return active.transport.transport === transport ? refused(409) : refused(400, transportChange);
  }
  const negotiation = context.negotiations.find(token);
  if (negotiation === null || negotiation.hub !== hub) return { kind: "refused", reply: unknownConnection };
  if (negotiation.principalKey !== admission.principalKey) return refused(403);
  if (!isServed) return notServed();
  context.negotiations.remove(negotiation);
  const { connectionId, connectionToken } = negotiation;
  return { kind: "claimed", ids: { connectionId, connectionToken } };
}
