import type { IncomingMessage, ServerResponse } from "node:http";
import type { MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import { LongPollingConnection } from "../transports/long-polling/long-polling-connection.ts";
import { ServerSentEventsConnection } from "../transports/server-sent-events/server-sent-events-connection.ts";
import { claimIds, transportChange } from "./claim-ids.ts";
import { eventStream, pendingPoll } from "./open-answers.ts";
import { takePost } from "./post-endpoint.ts";
import { type Reply, stoppingReply, unknownConnection } from "./reply.ts";
import type { Accepted, ActiveConnection, ServerContext } from "./server-context.ts";

/** One request on a hub's own path. */
export type Exchange = {
  readonly context: ServerContext;
  readonly hub: MountedHub;
  readonly request: ParsedConnectRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly cors: Readonly<Record<string, string>>;
};

/** Event streams, polls, posts and goodbyes, each authenticated anew. Null: the answer is begun, or waits. */
export async function answerConnect(exchange: Exchange): Promise<Reply | null> {
  if (exchange.message.method === "GET" && activeOf(exchange) === null) return connect(exchange);
  const admission = await exchange.hub.admit(exchange.request);
  if (admission.kind === "refused") return { status: admission.status, headers: admission.headers };
  if (tokenOf(exchange) === "") return { status: 400, body: "Connection ID required" };
  const active = activeOf(exchange);
  if (active === null) return withoutConnection(exchange, admission);
  if (active.connection.principalKey !== admission.principalKey) return { status: 403 };
  switch (exchange.message.method) {
    case "GET":
      return again(exchange, active, admission);
    case "POST":
      return takePost(active, exchange.message);
    default:
      return end(active);
  }
}

function tokenOf({ request }: Exchange): string {
  return request.query("id") ?? "";
}

function activeOf(exchange: Exchange): ActiveConnection | null {
  const active = exchange.context.connections.get(tokenOf(exchange));
  return active?.hub === exchange.hub ? active : null;
}

function wantsEventStream({ request }: Exchange): boolean {
  return request.header("accept")?.includes("text/event-stream") === true;
}

/** The first stream or poll of a negotiated connection. Until its client is known, its address is held to the limit. */
async function connect(exchange: Exchange): Promise<Reply | null> {
  const { context, hub, request, response, cors } = exchange;
  if (context.isStopping()) return stoppingReply;
  const address = request.remoteAddress;
  if (!context.halfOpen.take(address)) return { status: 429, headers: { "Retry-After": "1" } };
  const release = () => context.halfOpen.release(address);
  let settled: (() => void) | null = null;
  try {
    const admission = await hub.admit(request);
    if (admission.kind === "refused") return { status: admission.status, headers: admission.headers };
    if (tokenOf(exchange) === "") return { status: 400, body: "Connection ID required" };
    if (context.isStopping()) return stoppingReply;
    if (response.destroyed) return null;
    const name = wantsEventStream(exchange) ? "ServerSentEvents" : "LongPolling";
    const claim = claimIds(context, hub, request, admission, name);
    if (claim.kind === "refused") return claim.reply;
    const transport =
      name === "ServerSentEvents"
        ? new ServerSentEventsConnection(eventStream(response, cors))
        : new LongPollingConnection(hub.settings);
    if (admission.isAnonymous) settled = release;
    const connection = admission.connect(transport, claim.ids, request.forKeeping(), settled ?? (() => {}));
    context.connections.set(claim.ids.connectionToken, { hub, connection, transport });
    connection.start();
    if (transport instanceof LongPollingConnection) wait(exchange, transport);
    else response.on("close", () => transport.streamClosed());
    return null;
  } finally {
    if (settled === null) release();
  }
}

function again(exchange: Exchange, { connection, transport }: ActiveConnection, admission: Accepted): Reply | null {
  const name = wantsEventStream(exchange) ? "ServerSentEvents" : "LongPolling";
  if (transport.transport !== name) return { status: 400, body: transportChange };
  if (!(transport instanceof LongPollingConnection)) return { status: 409 };
  admission.renew(connection);
  if (!exchange.response.destroyed) wait(exchange, transport);
  return null;
}

function wait({ response, cors }: Exchange, transport: LongPollingConnection): void {
  const poll = pendingPoll(response, cors);
  response.on("finish", () => transport.answered(poll));
  response.on("close", () => transport.lost(poll));
  transport.poll(poll);
}

function end({ transport }: ActiveConnection): Reply {
  if (!(transport instanceof LongPollingConnection)) return notByDelete;
  transport.end();
  return { status: 202 };
}

const notByDelete: Reply = { status: 400, body: "Cannot terminate this connection using the DELETE endpoint." };

/** Of a connection that is promised at most. */
function withoutConnection(exchange: Exchange, admission: Accepted): Reply {
  const negotiation = exchange.context.negotiations.find(tokenOf(exchange));
  if (negotiation === null || negotiation.hub !== exchange.hub) return unknownConnection;
  if (negotiation.principalKey !== admission.principalKey) return { status: 403 };
  if (exchange.message.method === "DELETE") return notByDelete;
  return { status: 409, body: "Connect with GET before the first POST." };
}
