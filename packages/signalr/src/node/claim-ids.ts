import type { ConnectionIds, MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import type { Reply } from "./reply.ts";
import type { Accepted, ServerContext } from "./server-context.ts";

export type Claim =
  | { readonly kind: "claimed"; readonly ids: ConnectionIds }
  | { readonly kind: "refused"; readonly reply: Reply };

/** The negotiated ids, used up by this; new ones for a client that skipped negotiation. */
export function claimIds(
  context: ServerContext,
  hub: MountedHub,
  request: ParsedConnectRequest,
  admission: Accepted,
): Claim {
  const refused = (status: number, body = ""): Claim => ({ kind: "refused", reply: { status, body } });
  const token = request.query("id");
  if (token === null || token === "") return { kind: "claimed", ids: context.newIds() };
  const active = context.connections.get(token);
  if (active?.hub === hub) return refused(active.connection.principalKey === admission.principalKey ? 409 : 403);
  const negotiation = context.negotiations.find(token);
  if (negotiation === null || negotiation.hub !== hub) return refused(404, "No Connection with that ID");
  if (negotiation.principalKey !== admission.principalKey) return refused(403);
  context.negotiations.remove(negotiation);
  const { connectionId, connectionToken } = negotiation;
  return { kind: "claimed", ids: { connectionId, connectionToken } };
}
