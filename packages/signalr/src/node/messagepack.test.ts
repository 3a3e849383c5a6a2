import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hubMessages } from "../protocol/hub-message.fixture.ts";
import type { HubMessage } from "../protocol/hub-message.ts";
import { hex } from "../protocol/messagepack/messagepack.fixture.ts";
import { MessagePackHubProtocol } from "../protocol/messagepack/messagepack-hub-protocol.ts";
import { startHub } from "./hub.fixture.ts";

const handshake = '{"protocol":"messagepack","version":1}\u001e';
const protocol = new MessagePackHubProtocol();
const encode = (message: HubMessage) => protocol.encode(message, 0);
const echo = (value: unknown, invocationId = "1"): HubMessage => ({
  type: "invocation",
  invocationId,
  target: "Echo",
  arguments: [value],
  streamIds: [],
});

describe("a connection in MessagePack", () => {
  test("is greeted in JSON, and from the greeting on everything is binary", async () => {
    await using hub = await startHub();
    const client = await hub.connect({ protocol: "messagepack" });
    expect(client.frames).toEqual(["{}\u001e"]);
    await client.invoke("Echo", 1);
    expect(client.frameFormats).toEqual(["Binary", "Binary"]);
  });

  test("rows 17, 20: the handshake byte by byte, with two calls behind it", async () => {
    await using hub = await startHub();
    const client = await hub.connect({ protocol: "messagepack", handshake: null });
    const stream = Buffer.concat([Buffer.from(handshake), encode(echo("a", "1")), encode(echo("b", "2"))]);
    for (const byte of stream) client.sendBytes(Uint8Array.of(byte));
    expect(await client.next()).toEqual({});
    expect([await client.next(), await client.next()]).toMatchObject([{ result: "a" }, { result: "b" }]);
  });

  test("row 17: with two calls in the same frame, even while onConnected is at work", async () => {
    await using hub = await startHub();
    hub.log.connecting = () => hub.log.gate.passed;
    const client = await hub.connect({ protocol: "messagepack", handshake: null });
    client.sendBytes(Buffer.concat([Buffer.from(handshake), encode(echo("a", "1")), encode(echo("b", "2"))]));
    expect(await client.next()).toEqual({});
    hub.log.gate.open();
    expect([await client.next(), await client.next()]).toMatchObject([{ result: "a" }, { result: "b" }]);
  });

  test("row 22: exactly the limit passes; one byte more is refused by its length alone", async () => {
    await using hub = await startHub({ maximumReceiveMessageSize: 1000, detailedErrors: true });
    const client = await hub.connect({ protocol: "messagepack" });
    const base = encode(echo("x".repeat(900))).length - 900;
    client.sendBytes(encode(echo("x".repeat(1000 - base))));
    expect(await client.next()).toMatchObject({ type: 3, result: expect.stringMatching(/^x+$/) });
    client.sendBytes(encode(echo("x".repeat(1001 - base))).subarray(0, 2));
    expect(await client.next()).toEqual({
      type: 7,
      error: expect.stringContaining("InvalidDataException: The maximum message size of 1000B was exceeded. "),
      allowReconnect: true,
    });
  });

  test.each([
    ["a lying length", "0a dd ffffffff 01 80 c0 a154"],
    ["another thing than a message", "01 c0"],
    ["an unknown extension", "0a 96 01 80 c0 a154 91 d4 01 00 90"],
    ["nothing", "00"],
  ])("row 51: %s ends it, and it may come back", async (_name, bytes) => {
    await using hub = await startHub();
    const client = await hub.connect({ protocol: "messagepack" });
    client.sendBytes(hex(bytes));
    const error = "Connection closed with an error.";
    expect(await client.next()).toEqual({ type: 7, error, allowReconnect: true });
    await client.closed;
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "protocol-error" } }]);
  });

  test("row 42: is pinged, and closed when it falls silent", async () => {
    await using hub = await startHub();
    const client = await hub.connect({ protocol: "messagepack" });
    client.send({ type: 6 });
    await client.invoke("Echo", 1);
    await hub.seconds(15);
    expect(await client.next()).toEqual({ type: 6 });
    await hub.seconds(17);
    expect(await client.nextOf(7)).toMatchObject({ allowReconnect: true });
  });

  test("row 53: says goodbye", async () => {
    await using hub = await startHub();
    const client = await hub.connect({ protocol: "messagepack" });
    client.sendBytes(hex("03 92 07 c0"));
    expect(await client.next()).toEqual({ type: 7 });
    await client.closed;
    expect(hub.log.disconnected).toMatchObject([{ error: null }]);
  });

  test("garbage of any kind ends at most its own connection", async () => {
    await using hub = await startHub();
    const witness = await hub.connect({ protocol: "messagepack" });
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      hubMessages(fc.jsonValue()).map((message) => new Uint8Array(encode(message))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 20 }), async (parts) => {
        using client = await hub.connect({ protocol: "messagepack" });
        for (const bytes of parts) client.sendBytes(bytes);
        expect(await witness.invoke("Echo", parts.length)).toMatchObject({ result: parts.length });
      }),
      { numRuns: 60 },
    );
  });
});
