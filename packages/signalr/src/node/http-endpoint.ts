import type { IncomingMessage, ServerResponse } from "node:http";
import type { MountedHub } from "../hub/admission.ts";
import type { ParsedConnectRequest } from "../transports/connect-request.ts";
import { negotiateResponse, negotiateVersion } from "../transports/negotiate.ts";
import { isAllowedOrigin } from "../transports/origin.ts";
import { answerConnect } from "./connect-endpoint.ts";
import type { HubRoute } from "./hub-route.ts";
import { readRequest } from "./read-request.ts";
import { type Reply, stoppingReply } from "./reply.ts";
import type { Accepted, ServerContext } from "./server-context.ts";

/** Answers everything on a hub's paths but the upgrade. Null: the answer is begun, or waits for the hub to say something. */
export async function answerRequest(
  context: ServerContext,
  route: HubRoute<MountedHub>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | null> {
  const request = readRequest(message, context.trustedProxies);
  const origin = request.header("origin");
  if (!isAllowedOrigin(origin, request.host, context.allowedOrigins)) return { status: 403 };
  const cors = corsHeaders(origin);
  if (message.method === "OPTIONS") return { status: 204, headers: { ...cors, ...preflightHeaders(request) } };
  const allowed = route.action === "negotiate" ? ["POST"] : ["GET", "POST", "DELETE"];
  const isAllowed = allowed.includes(message.method ?? "");
  const reply = !isAllowed
    ? { status: 405, headers: { Allow: allowed.join(", ") } }
    : route.action === "negotiate"
      ? await answerNegotiate(context, route.hub, request)
      : await answerConnect({ context, hub: route.hub, request, message, response, cors });
  return reply === null ? null : { ...reply, headers: { ...reply.headers, ...cors } };
}

async function answerNegotiate(context: ServerContext, hub: MountedHub, request: ParsedConnectRequest): Promise<Reply> {
  if (context.isStopping()) return stoppingReply;
  const admission = await hub.admit(request);
  if (admission.kind === "refused") return { status: admission.status, headers: admission.headers };
  return negotiate(context, hub, request, admission);
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
      return json(negotiateResponse(asked.version, connectionId, connectionToken, hub.settings.transports));
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
