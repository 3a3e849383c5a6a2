import type { IncomingMessage } from "node:http";

/** The token of `Authorization: Bearer …`, else of the query's `access_token`; null when there is none. */
export function bearerToken(request: IncomingMessage): string | null {
  const { authorization } = request.headers;
  if (authorization !== undefined) return /^bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? null;
  const query = request.url?.split("?", 2)[1];
  return query === undefined ? null : new URLSearchParams(query).get("access_token") || null;
}
