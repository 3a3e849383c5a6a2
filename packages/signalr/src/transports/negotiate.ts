import { type TransportName, transferFormats } from "./connection.ts";

/** The newest negotiate version. 0: the public connection id is also the token. */
const newestVersion = 1;

export type NegotiateVersion =
  | { readonly kind: "version"; readonly version: 0 | 1 }
  | { readonly kind: "refused"; readonly error: string };

/** Reads `negotiateVersion`; a newer one than ours is answered with ours. */
export function negotiateVersion(parameter: string | null): NegotiateVersion {
  if (parameter === null) return { kind: "version", version: 0 };
  if (!/^\s*[+-]?\d{1,10}\s*$/.test(parameter)) {
    return { kind: "refused", error: "The client requested a non-integer protocol version." };
  }
  const version = Number(parameter);
  if (version < 0) {
    return {
      kind: "refused",
      error: `The client requested version '${version}', but the server does not support this version.`,
    };
  }
  return { kind: "version", version: version >= newestVersion ? 1 : 0 };
}

/** Body of a negotiate answer, members in the reference server's order. */
export function negotiateResponse(
  version: 0 | 1,
  connectionId: string,
  connectionToken: string,
  transports: readonly TransportName[],
): string {
  return JSON.stringify({
    negotiateVersion: version,
    connectionId,
    ...(version === 1 ? { connectionToken } : {}),
    availableTransports: transports.map((transport) => ({
      transport,
      transferFormats: transferFormats[transport],
    })),
  });
}
