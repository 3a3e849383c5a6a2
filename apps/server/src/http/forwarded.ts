import type { IncomingMessage } from "node:http";
import type { PublicOrigin } from "./context.ts";

/** How many proxies in front of this server are trusted to tell the truth: false = none, true = one. */
export type TrustProxy = boolean | number;

export type ForwardedOptions = { readonly trustProxy: TrustProxy; readonly publicUrl: string | null };

/** The address of the caller; behind trusted proxies, the one that the outermost of them saw. */
export function remoteAddress(request: IncomingMessage, trustProxy: TrustProxy): string {
  const forwarded = seenByOutermost(arrival(request), "x-forwarded-for", trustProxy);
  return withoutMapping(forwarded ?? request.socket.remoteAddress ?? "unknown");
}

/** What of a request says where it was sent to. */
export type Arrival = { header(name: string): string | null; readonly encrypted: boolean };

const arrival = (request: IncomingMessage): Arrival => ({
  header(name) {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(",") : (value ?? null);
  },
  encrypted: isEncrypted(request),
});

/** Where the caller reached this server: PUBLIC_URL, else from the request. */
export function publicOrigin(request: IncomingMessage, options: ForwardedOptions): PublicOrigin {
  return originOf(arrival(request), options);
}

/** The same for a hub's connection, whose request is long over. */
export function originOf(request: Arrival, options: ForwardedOptions): PublicOrigin {
  if (options.publicUrl !== null) {
    const base = options.publicUrl.replace(/\/+$/, "");
    return { http: base, ws: base.replace(/^http/, "ws") };
  }
  const host = hostOf(request, options.trustProxy);
  const secure = seenByOutermost(request, "x-forwarded-proto", options.trustProxy) === "https" || request.encrypted;
  return secure ? { http: `https://${host}`, ws: `wss://${host}` } : { http: `http://${host}`, ws: `ws://${host}` };
}

/** The host that the caller asked for, with its port; `localhost` when the header is none that a URL could carry. */
export function requestHost(request: IncomingMessage, trustProxy: TrustProxy): string {
  return hostOf(arrival(request), trustProxy);
}

function hostOf(request: Arrival, trustProxy: TrustProxy): string {
  const host = seenByOutermost(request, "x-forwarded-host", trustProxy) ?? request.header("host") ?? "";
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host) ? host.toLowerCase() : "localhost";
}

/** Each proxy appends what it saw, so the caller can only write to the left of the trusted entries. */
function seenByOutermost(request: Arrival, header: string, trustProxy: TrustProxy): string | null {
  const hops = Number(trustProxy);
  if (hops === 0) return null;
  const entries = (request.header(header) ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return entries.at(-Math.min(hops, entries.length)) ?? null;
}

const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

const isEncrypted = (request: IncomingMessage): boolean =>
  "encrypted" in request.socket && request.socket.encrypted === true;
