import type { IncomingMessage } from "node:http";
import { type ParsedConnectRequest, parseConnectRequest } from "../transports/connect-request.ts";

/** Takes from a request what hubs may know. With trusted proxies the address and scheme that the outermost of them saw. */
export function readRequest(request: IncomingMessage, trustedProxies: number): ParsedConnectRequest {
  const socket = request.socket;
  const seen = trustedProxies > 0 ? forwarded(request.headers["x-forwarded-for"], trustedProxies) : null;
  const scheme = trustedProxies > 0 ? forwarded(request.headers["x-forwarded-proto"], trustedProxies) : null;
  return parseConnectRequest({
    url: request.url ?? "/",
    rawHeaders: request.rawHeaders,
    remoteAddress: seen ?? socket.remoteAddress ?? "",
    encrypted: scheme === null ? "encrypted" in socket : scheme.toLowerCase() === "https",
  });
}

function forwarded(header: string | string[] | undefined, trustedProxies: number): string | null {
  const entries = [header ?? []].flat().flatMap((line) => line.split(","));
  const entry = entries[Math.max(0, entries.length - trustedProxies)]?.trim();
  return entry === undefined || entry === "" ? null : entry;
}
