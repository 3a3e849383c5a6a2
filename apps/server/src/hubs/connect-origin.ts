import type { ConnectRequest } from "@dsp-fleet/signalr";
import type { PublicOrigin } from "../http/context.ts";
import { originOf } from "../http/forwarded.ts";

/** Where a connection's client reached this server: PUBLIC_URL, else from its request. */
export const connectOrigin =
  (options: { trustProxy: boolean; publicUrl: string | null }) =>
  (request: ConnectRequest): PublicOrigin =>
    originOf({ header: (name) => request.header(name), encrypted: request.encrypted }, options);
