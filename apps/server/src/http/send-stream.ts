import { Readable } from "node:stream";
import type { TextStream } from "@dsp-fleet/contract";
import type { FastifyReply } from "fastify";

/** Writes an answer as it is made, no faster than it is read. What fails before the first chunk is still a problem and no cut answer. */
export async function sendStream(reply: FastifyReply, stream: TextStream): Promise<FastifyReply> {
  const chunks = stream.chunks[Symbol.asyncIterator]();
  const first = await chunks.next();
  async function* all(): AsyncGenerator<string> {
    try {
      for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  if (stream.fileName !== null) reply.header("content-disposition", attachment(stream.fileName));
  return reply.type(`${stream.contentType}; charset=utf-8`).send(Readable.from(all(), { objectMode: false }));
}

/** RFC 6266: a plain name for old programs, the whole one for the others. */
function attachment(fileName: string): string {
  const plain = fileName
    .normalize("NFKD")
    .replaceAll(/[^\w .-]+/g, "")
    .trim()
    .replaceAll(/\s+/g, "-");
  const whole = encodeURIComponent(fileName.toWellFormed().replaceAll(/[/\\]/g, "-")).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}

/** What the handler of an operation with `alternatives` gives; its type says so, the table of handlers has forgotten it. */
export const asStream = (answer: unknown): TextStream => answer as TextStream;
