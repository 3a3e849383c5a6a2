import { isDeepStrictEqual } from "node:util";
import type { Operation, OperationId, TextStream } from "@dsp-fleet/contract";
import { asStream } from "./send-stream.ts";

/** Throws when an answer is not, to the field, what the contract promises. */
export function assertAnswer(id: OperationId, operation: Operation, answer: unknown): void {
  const schema = operation.answer.body;
  if (schema === null) {
    if (answer !== null && answer !== undefined) throw new TypeError(`${id} answers a body, the contract has none`);
    return;
  }
  const wire: unknown = JSON.parse(JSON.stringify(answer ?? null));
  const parsed = schema.safeParse(wire);
  if (!parsed.success) throw new TypeError(`the answer of ${id} breaks the contract: ${parsed.error.message}`);
  if (!isDeepStrictEqual(wire, parsed.data))
    throw new TypeError(`the answer of ${id} has fields that the contract does not know`);
}

/** The same for an answer that is written as it is made: read to its end, then checked where it is JSON. */
export async function checkedStream(id: OperationId, operation: Operation, answer: unknown): Promise<TextStream> {
  const stream = asStream(answer);
  const chunks: string[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  if (stream.contentType === "application/json") assertAnswer(id, operation, JSON.parse(chunks.join("")));
  return {
    ...stream,
    chunks: (async function* () {
      yield* chunks;
    })(),
  };
}
