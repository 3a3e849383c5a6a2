import { expect, test } from "vitest";
import { type Batch, headroomBytes, OutgoingMessage } from "./batch.ts";
import type { HubMessage } from "./hub-message.ts";
import type { HubProtocol } from "./hub-protocol.ts";
import { JsonHubProtocol } from "./json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "./messagepack/messagepack-hub-protocol.ts";

class CountingProtocol extends JsonHubProtocol {
  encodings = 0;

  override encode(message: HubMessage, headroom: number): Buffer {
    this.encodings++;
    return super.encode(message, headroom);
  }
}

function event(target: string): OutgoingMessage {
  return new OutgoingMessage({ type: "invocation", invocationId: null, target, arguments: [], streamIds: [] });
}

function textOf(batch: Batch): string {
  return batch.toBytes().subarray(headroomBytes).toString();
}

test("a message for many connections is encoded once per protocol", () => {
  const [first, second] = [new CountingProtocol(), new CountingProtocol()];
  const message = event("Moved");
  for (const protocol of [first, second, first, second]) message.after(protocol.emptyBatch);
  expect([first.encodings, second.encodings]).toEqual([1, 1]);
});

test("connections of two protocols each get the message in their own", () => {
  const message = event("Moved");
  const [json, packed] = [new JsonHubProtocol(), new MessagePackHubProtocol()];
  const bytesFor = (protocol: HubProtocol) => message.after(protocol.emptyBatch).toBytes();
  expect(bytesFor(json).toString("utf8", headroomBytes)).toBe('{"type":1,"target":"Moved","arguments":[]}\u001e');
  expect(bytesFor(packed).toString("hex", headroomBytes)).toBe("0c960180c0a54d6f7665649090");
  expect(bytesFor(json)).toBe(message.encodedFor(json));
  expect(bytesFor(packed)).toBe(message.encodedFor(packed));
});

test("connections with the same sequence share one batch, others do not", () => {
  const protocol = new JsonHubProtocol();
  const [one, two] = [event("One"), event("Two")];
  const both = two.after(one.after(protocol.emptyBatch));
  expect(two.after(one.after(protocol.emptyBatch))).toBe(both);
  const second = two.after(protocol.emptyBatch);
  expect(second).not.toBe(both);
  expect(two.after(protocol.emptyBatch)).toBe(second);
});

test("a batch is its messages in order", () => {
  const protocol = new JsonHubProtocol();
  const batch = event("Three").after(event("Two").after(event("One").after(protocol.emptyBatch)));
  const record = (target: string) => `{"type":1,"target":"${target}","arguments":[]}\u001e`;
  expect(textOf(batch)).toBe(record("One") + record("Two") + record("Three"));
  expect(batch.byteLength).toBe(Buffer.byteLength(textOf(batch)));
});

test("a batch of one message is the message's own bytes", () => {
  const protocol = new JsonHubProtocol();
  const message = event("One");
  expect(message.after(protocol.emptyBatch).toBytes()).toBe(message.encodedFor(protocol));
});
