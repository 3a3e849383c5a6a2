import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import { type ForwardedOptions, publicOrigin } from "./forwarded.ts";

export type SecurityHeaderOptions = ForwardedOptions & {
  /** A style URL lets its origin into the policy; `local` needs none. */
  readonly mapStyleUrl: string;
};

/** Scripts from here alone; styles inline too, for maps and components place things by style attributes. */
export async function addSecurityHeaders(app: FastifyInstance, options: SecurityHeaderOptions): Promise<void> {
  const style = styleOrigin(options.mapStyleUrl);
  const map = style === null ? [] : [style];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:", ...map],
        fontSrc: ["'self'", "data:"],
        // Older browsers do not count WebSockets to the own host as 'self'.
        connectSrc: ["'self'", (request) => publicOrigin(request, options).ws, ...map],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.publicUrl?.startsWith("https:") === true ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: "no-referrer" },
    crossOriginEmbedderPolicy: false,
  });
}

/** The origin of a style URL; null for `local`. */
function styleOrigin(mapStyleUrl: string): string | null {
  return mapStyleUrl === "local" ? null : new URL(mapStyleUrl).origin;
}
