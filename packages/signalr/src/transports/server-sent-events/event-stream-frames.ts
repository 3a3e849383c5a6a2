import { type Batch, headroomBytes } from "../../protocol/batch.ts";

const lineEnd = /\r\n|\r|\n/;
const events = new WeakMap<Batch, Buffer>();

/** A comment, sent at once: clients take a stream for open at its first bytes. */
export const openingComment: Buffer = Buffer.from(":\r\n");

/** One event; a text of several lines becomes several `data` lines, which the client joins again. */
export function eventOf(text: string): Buffer {
  const data = text.split(lineEnd).map((line) => `data: ${line}\r\n`);
  return Buffer.from(`${data.join("")}\r\n`);
}

/** The batch as one event, built once for all its receivers. */
export function batchEvent(batch: Batch): Buffer {
  const known = events.get(batch);
  if (known !== undefined) return known;
  const event = eventOf(batch.toBytes().toString("utf8", headroomBytes));
  events.set(batch, event);
  return event;
}
