import { describe, expect, test } from "vitest";
import { OutgoingMessage } from "../../protocol/batch.ts";
import { JsonHubProtocol } from "../../protocol/json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "../../protocol/messagepack/messagepack-hub-protocol.ts";
import { closeFrame, frame, frameOf } from "./frames.ts";

const protocol = new JsonHubProtocol();
const protocols = [
  { protocol, format: "text", firstByte: 0x81 },
  { protocol: new MessagePackHubProtocol(), format: "binary", firstByte: 0x82 },
] as const;
const eventOf = (length: number) =>
  new OutgoingMessage({
    type: "invocation",
    invocationId: null,
    target: "x".repeat(length),
    arguments: [],
    streamIds: [],
  });

describe("WebSocket frames", () => {
  describe.each(protocols)("of $protocol.name", ({ protocol: spoken, format, firstByte }) => {
    test.each([1, 80, 90, 100, 65_490, 65_500, 70_000])(
      `a batch with a target of %i characters is one ${format} frame`,
      (length) => {
        const batch = eventOf(length).after(spoken.emptyBatch);
        const whole = frame(firstByte & 0x0f, batch.toBytes().subarray(10));
        expect(frameOf(batch)).toEqual(whole);
        expect(whole[0]).toBe(firstByte);
      },
    );
  });

  test("a batch's frame is built once", () => {
    const batch = eventOf(1).after(eventOf(2).after(protocol.emptyBatch));
    expect(frameOf(batch)).toBe(frameOf(batch));
  });

  test("lengths are written in 1, 3 and 9 bytes", () => {
    expect([...frame(2, new Uint8Array(125)).subarray(0, 2)]).toEqual([0x82, 125]);
    expect([...frame(2, new Uint8Array(126)).subarray(0, 4)]).toEqual([0x82, 126, 0, 126]);
    expect([...frame(2, new Uint8Array(0x10000)).subarray(0, 10)]).toEqual([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  test("a close frame carries its code", () => {
    expect([...closeFrame(1000)]).toEqual([0x88, 2, 0x03, 0xe8]);
  });
});
