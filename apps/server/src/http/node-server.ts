import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { bodyBytes, type ErrorCode, errors } from "@dsp-fleet/contract";
import { ProblemError, problemBody, problemContentType } from "./problem.ts";

/** What a request may cost before anything is known of its sender. */
export const requestLimits = {
  /** Request line and headers; a token takes about 1 KB of it. */
  headerBytes: 8 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** Longer than the 60 s that proxies keep a connection, so that they close first. */
  keepAliveTimeoutMs: 65_000,
  /** Of a body, unless its operation says otherwise. */
  bodyBytes,
  /** More than any address of the API with its query and token. */
  urlCharacters: 4 * 1024,
} as const;

/** Sees a request before the API does; true when it takes the request over. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createNodeServer(handler: RequestListener, intercept: Intercept): Server {
  const server = createServer(
    {
      maxHeaderSize: requestLimits.headerBytes,
      headersTimeout: requestLimits.headersTimeoutMs,
      requestTimeout: requestLimits.requestTimeoutMs,
      keepAliveTimeout: requestLimits.keepAliveTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      if (!intercept(request, response)) handler(request, response);
    },
  );
  return server;
}

/** Answers what never became a request: headers too large or too slow, or no HTTP at all. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, traceId: string): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, detail } = reasonOf(error.code);
  const { status, title } = errors[code];
  const body = JSON.stringify(problemBody(new ProblemError(code, detail), traceId));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${problemContentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function reasonOf(code: string | undefined): { code: ErrorCode; detail: string } {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { code: "headers-too-large", detail: "Address and headers may have at most 8 KB together." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { code: "request-timeout", detail: "Headers may take 10 s, a whole request 30 s." };
    default:
      return { code: "invalid-request", detail: "This is not a well-formed HTTP/1.1 request." };
  }
}
