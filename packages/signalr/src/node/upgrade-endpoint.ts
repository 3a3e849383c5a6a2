import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { MountedHub } from "../hub/admission.ts";
import { isAllowedOrigin } from "../transports/origin.ts";
import { checkUpgrade } from "../transports/websockets/upgrade-response.ts";
import { WebSocketConnection } from "../transports/websockets/web-socket-connection.ts";
import { claimIds } from "./claim-ids.ts";
import { readRequest } from "./read-request.ts";
import { type Reply, sendRawReply } from "./reply.ts";
import type { ServerContext } from "./server-context.ts";

/** Turns an upgrade request into a hub connection, or refuses it. Never rejects. */
export async function upgrade(
  context: ServerContext,
  hub: MountedHub,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const request = readRequest(message, context.trustedProxies);
  const check = checkUpgrade(message.method, (name) => request.header(name) ?? undefined);
  if (context.isStopping()) return sendRawReply(socket, { status: 503, headers: { "Retry-After": "1" } });
  if (!isAllowedOrigin(request.header("origin"), request.host, context.allowedOrigins)) {
    return sendRawReply(socket, { status: 403 });
  }
  if (check.kind === "refused")
    return sendRawReply(socket, { status: check.status, headers: { "Sec-WebSocket-Version": "13" } });
  const address = request.remoteAddress;
  if (!context.halfOpen.take(address)) return sendRawReply(socket, { status: 429, headers: { "Retry-After": "1" } });
  const release = () => context.halfOpen.release(address);
  // Until the connection has an owner, a reset of the socket concerns nobody.
  socket.on("error", ignore);
  const abandon = context.clock.setTimeout(() => socket.destroy(), hub.settings.handshakeSeconds * 1000);
  const admission = await hub.admit(request).catch((error: unknown) => {
    context.logger.error({ hub: hub.path, err: error }, "authenticate failed");
    return null;
  });
  context.clock.clearTimeout(abandon);
  const refuse = (reply: Reply) => {
    release();
    sendRawReply(socket, reply);
  };
  if (socket.destroyed || !socket.writable) return release();
  if (admission === null) return refuse({ status: 500 });
  if (admission.kind === "refused") return refuse({ status: admission.status, headers: admission.headers });
  if (context.isStopping()) return refuse({ status: 503, headers: { "Retry-After": "1" } });
  const claim = claimIds(context, hub, request, admission, "WebSockets");
  if (claim.kind === "refused") return refuse(claim.reply);
  if (!admission.isAnonymous) release();
  if (socket instanceof Socket) socket.setTimeout(0).setNoDelay(true);
  socket.write(check.response);
  const transport = new WebSocketConnection(socket, hub.settings.maximumFragments);
  const settled = admission.isAnonymous ? release : ignore;
  const connection = admission.connect(transport, claim.ids, request.forKeeping(), settled);
  context.connections.set(claim.ids.connectionToken, { hub, connection, transport });
  connection.start();
  socket.off("error", ignore);
  if (head.length > 0) transport.receive(head);
}

function ignore(): void {}
