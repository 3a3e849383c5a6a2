import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** A plain answer. An empty body leaves official clients the reason phrase to show. */
export type Reply = {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const stoppingReply: Reply = { status: 503, headers: { "Retry-After": "1" } };
export const unknownConnection: Reply = { status: 404, body: "No Connection with that ID" };

export function sendReply(response: ServerResponse, reply: Reply): void {
  const body = reply.body ?? "";
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(body === "" ? {} : { "Content-Type": reply.contentType ?? "text/plain" }),
    ...(reply.status === 204 ? {} : { "Content-Length": String(Buffer.byteLength(body)) }),
  });
  response.end(body);
}

/** The same on the bare socket of an upgrade, which is closed by it. */
export function sendRawReply(socket: Duplex, reply: Reply): void {
  const body = reply.body ?? "";
  const lines = [`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ""}`, "Connection: close"];
  for (const [name, value] of Object.entries(reply.headers ?? {})) lines.push(`${name}: ${value}`);
  if (body !== "") lines.push(`Content-Type: ${reply.contentType ?? "text/plain"}`);
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`, "", body);
  if (socket.destroyed) return;
  socket.end(lines.join("\r\n"), () => socket.destroy());
}
