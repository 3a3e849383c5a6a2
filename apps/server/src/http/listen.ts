import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";

export type ListenFailure = "port-taken" | "not-permitted" | "no-such-address";

/** Why the server cannot listen, in words for whoever started it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: ListenFailure;

  constructor(code: ListenFailure, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export type ListenOptions = { readonly host: string; readonly port: number };

/** Starts to listen; gives the port, which is chosen by the system for 0. Throws ListenError. */
export async function listen(app: FastifyInstance, { host, port }: ListenOptions): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, host, port);
  }
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && "code" in error ? error.code : null) {
    case "EADDRINUSE":
      return new ListenError(
        "port-taken",
        `Port ${port} is taken by another program. Stop it, or set PORT to a free one.`,
        error,
      );
    case "EACCES":
      return new ListenError(
        "not-permitted",
        `This user may not listen on port ${port}. Set PORT to one above 1023.`,
        error,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ListenError(
        "no-such-address",
        `HOST ${host} is no address of this machine. Use 0.0.0.0 for all of them.`,
        error,
      );
    default:
      return error;
  }
}
