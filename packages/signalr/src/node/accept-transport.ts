import type { MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import type { Connection } from "../transports/connection.ts";
import { claimIds } from "./claim-ids.ts";
import type { ServerContext } from "./server-context.ts";

/** Puts a hub connection on a transport that is open already; answers 101, or the status that refuses it. Never rejects. */
export async function acceptTransport(
  context: ServerContext,
  hub: MountedHub,
  request: ParsedConnectRequest,
  transport: Connection,
): Promise<number> {
  if (context.isStopping()) return 503;
  const admission = await hub.admit(request).catch((error: unknown) => {
    context.logger.error({ hub: hub.path, err: error }, "authenticate failed");
    return null;
  });
  if (admission === null) return 500;
  if (admission.kind === "refused") return admission.status;
  if (context.isStopping()) return 503;
  const claim = claimIds(context, hub, request, admission, transport.transport);
  if (claim.kind === "refused") return claim.reply.status;
  const connection = admission.connect(transport, claim.ids, request.forKeeping(), () => {});
  context.connections.set(claim.ids.connectionToken, { hub, connection, transport });
  connection.start();
  return 101;
}
