import type { IncomingMessage } from "node:http";
import { type ForwardedOptions, requestHost } from "./forwarded.ts";

/** What the Origin header says: no browser page, one of ours, one that ALLOWED_ORIGINS names, or any other. */
export type OriginVerdict = "none" | "own" | "allowed" | "foreign";

export type OriginPolicy = (request: IncomingMessage) => OriginVerdict;

export type OriginPolicyOptions = ForwardedOptions & { readonly allowedOrigins: readonly string[] };

/** One judgement of web origins, for REST and hubs alike. */
export function createOriginPolicy(options: OriginPolicyOptions): OriginPolicy {
  const allowed = new Set(options.allowedOrigins);
  const publicHost = options.publicUrl === null ? null : new URL(options.publicUrl).host;

  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined) return "none";
    if (allowed.has(origin)) return "allowed";
    const host = hostOf(origin);
    // The scheme is left aside: behind a proxy that ends TLS and is not trusted, this server cannot know it.
    if (host !== null && (host === publicHost || host === requestHost(request, options.trustProxy))) return "own";
    return "foreign";
  };
}

function hostOf(origin: string): string | null {
  const match = /^https?:\/\/([^/?#@]+)$/i.exec(origin);
  return match?.[1]?.toLowerCase() ?? null;
}
