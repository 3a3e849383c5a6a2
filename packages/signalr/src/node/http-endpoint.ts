import type { IncomingMessage } from "node:http";
import type { MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import { negotiateResponse, negotiateVersion } from "../transports/negotiate.ts";
import { isAllowedOrigin } from "../transports/origin.ts";
import type { HubRoute } from "./hub-route.ts";
import { readRequest } from "./read-request.ts";
import type { Reply } from "./reply.ts";
import type { Accepted, ServerContext } from "./server-context.ts";

/** Answers everything on a hub's paths but the upgrade: negotiate, preflight, and what WebSockets do not serve. */
export async function answerRequest(
  context: ServerContext,
  route: HubRoute<MountedHub>,
  message: IncomingMessage,
): Promise<Reply> {
  const request = readRequest(message, context.trustedProxies);
  const origin = request.header("origin");
  if (!isAllowedOrigin(origin, request.host, context.allowedOrigins)) return { status: 403 };
  const cors = corsHeaders(origin);
  if (message.method === "OPTIONS") return { status: 204, headers: { ...cors, ...preflightHeaders(request) } };
  const reply = await authenticatedReply(context, route, request, message.method ?? "");
  return { ...reply, headers: { ...reply.headers, ...cors } };
}

async function authenticatedReply(
  context: ServerContext,
  route: HubRoute<MountedHub>,
  request: ParsedConnectRequest,
  method: string,
): Promise<Reply> {
  const allowed = route.action === "negotiate" ? ["POST"] : ["GET", "POST", "DELETE"];
  if (!allowed.includes(method)) return { status: 405, headers: { Allow: allowed.join(", ") } };
  if (context.isStopping()) return { status: 503, headers: { "Retry-After": "1" } };
  const admission = await route.hub.admit(request);
  if (admission.kind === "refused") return { status: admission.status, headers: admission.headers };
  if (route.action === "negotiate") return negotiate(context, route.hub, request, admission);
  return withoutUpgrade(context, route.hub, request, admission, method);
}

function negotiate(context: ServerContext, hub: MountedHub, request: ParsedConnectRequest, admission: Accepted): Reply {
  const asked = negotiateVersion(request.query("negotiateVersion"));
  if (asked.kind === "refused") return json(JSON.stringify({ error: asked.error }));
  const { connectionId, connectionToken: secret } = context.newIds();
  const connectionToken = asked.version === 0 ? connectionId : secret;
  const countedAddress = admission.isAnonymous ? request.remoteAddress : null;
  const { principalKey } = admission;
  const reservation = context.negotiations.reserve(
    { connectionId, connectionToken, principalKey, countedAddress, hub },
    context.clock.now(),
  );
  switch (reservation.kind) {
    case "full":
      return { status: 503, headers: { "Retry-After": "5" } };
    case "address-full":
      return { status: 429, headers: { "Retry-After": "5" } };
    case "reserved":
      hub.negotiated();
      return json(negotiateResponse(asked.version, connectionId, connectionToken));
  }
}

/** Event streams and polls, which no hub serves; official clients rely on the texts. */
function withoutUpgrade(
  context: ServerContext,
  hub: MountedHub,
  request: ParsedConnectRequest,
  admission: Accepted,
  method: string,
): Reply {
  const token = request.query("id");
  if (token === null || token === "") return { status: 400, body: "Connection ID required" };
  const active = context.connections.get(token);
  const owner = active?.hub === hub ? active.connection : context.negotiations.find(token);
  if (owner === null || ("hub" in owner && owner.hub !== hub))
    return { status: 404, body: "No Connection with that ID" };
  if (owner.principalKey !== admission.principalKey) return { status: 403 };
  switch (method) {
    case "POST":
      return { status: 405, body: "POST requests are not allowed for WebSocket connections." };
    case "DELETE":
      return { status: 400, body: "Cannot terminate this connection using the DELETE endpoint." };
    default: {
      const isEventStream = request.header("accept")?.includes("text/event-stream") === true;
      const transport = isEventStream ? "ServerSentEvents" : "LongPolling";
      return { status: 404, body: `${transport} transport not supported by this end point type` };
    }
  }
}

function json(body: string): Reply {
  return { status: 200, contentType: "application/json", body, headers: { "Cache-Control": "no-store" } };
}

/** Browsers send credentials by default, which rules out `*`. */
function corsHeaders(origin: string | null): Record<string, string> {
  if (origin === null) return {};
  return { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", Vary: "Origin" };
}

function preflightHeaders(request: ParsedConnectRequest): Record<string, string> {
  const usual = "authorization, content-type, x-requested-with, x-signalr-user-agent";
  return {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": request.header("access-control-request-headers") ?? usual,
    "Access-Control-Max-Age": "7200",
  };
}
