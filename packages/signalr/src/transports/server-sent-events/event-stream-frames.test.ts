import { expect, test } from "vitest";
import { OutgoingMessage } from "../../protocol/batch.ts";
import { JsonHubProtocol } from "../../protocol/json/json-hub-protocol.ts";
import { batchEvent, eventOf } from "./event-stream-frames.ts";

test.each([
  ["one line", "{}\u001e", "data: {}\u001e\r\n\r\n"],
  ["several lines, however they end", "a\nb\r\nc\rd", "data: a\r\ndata: b\r\ndata: c\r\ndata: d\r\n\r\n"],
  ["nothing", "", "data: \r\n\r\n"],
])("an event of %s", (_of, text, event) => {
  expect(eventOf(text).toString()).toBe(event);
});

test("a batch is one event, made once for all who receive it", () => {
  const { emptyBatch } = new JsonHubProtocol();
  const ping = new OutgoingMessage({ type: "ping" }).after(emptyBatch);
  const batch = new OutgoingMessage({ type: "close", error: "a\nb", allowReconnect: false }).after(ping);
  expect(batchEvent(batch).toString()).toBe('data: {"type":6}\u001e{"type":7,"error":"a\\nb"}\u001e\r\n\r\n');
  expect(batchEvent(batch)).toBe(batchEvent(batch));
});
