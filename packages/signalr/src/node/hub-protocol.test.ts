import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HubOptions } from "../hub/hub-options.ts";
import { transferFormats, transportNames } from "../transports/connection.ts";
import { startHubOver } from "./hub.fixture.ts";

const handshake = '{"protocol":"json","version":1}\u001e';
const record = (message: object) => `${JSON.stringify(message)}\u001e`;
const call = (target: string, args: readonly unknown[], id?: string) => ({
  type: 1,
  ...(id === undefined ? {} : { invocationId: id }),
  target,
  arguments: args,
});

describe.each(transportNames)("the hub protocol over %s", (transport) => {
  const startHub = (hubOptions: HubOptions = {}) => startHubOver(transport, hubOptions);
  const protocols = (["json", "messagepack"] as const).filter(
    (protocol) => protocol === "json" || transferFormats[transport].includes("Binary"),
  );

  describe("the handshake", () => {
    test("row 17: byte by byte", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ handshake: null });
      for (const byte of Buffer.from(handshake)) client.sendBytes(Uint8Array.of(byte));
      expect(await client.next()).toEqual({});
    });

    test("row 17: with two calls in the same piece, even while onConnected is at work", async () => {
      await using hub = await startHub();
      hub.log.connecting = () => hub.log.gate.passed;
      const client = await hub.connect({ handshake: null });
      client.sendText(handshake + record(call("Echo", [1], "1")) + record(call("Echo", [2], "2")));
      expect(await client.next()).toEqual({});
      hub.log.gate.open();
      expect([await client.next(), await client.next()]).toEqual([
        { type: 3, invocationId: "1", result: 1 },
        { type: 3, invocationId: "2", result: 2 },
      ]);
    });

    test("row 18: none within 15 s is canceled", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ handshake: null });
      client.sendText("{");
      await hub.seconds(15);
      expect(await client.next()).toEqual({ error: "Handshake was canceled." });
      expect(await client.closed).toMatchObject({ wasClean: true });
      expect([hub.log.connected, hub.log.disconnected]).toEqual([[], []]);
    });

    test("row 18: one of 33 KiB is canceled", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ handshake: null });
      client.sendText("x".repeat(33 * 1024));
      expect(await client.next()).toEqual({ error: "Handshake was canceled." });
      await client.closed;
    });

    test.each([
      [{ protocol: "xml", version: 1 }, "The protocol 'xml' is not supported."],
      [{ protocol: "json", version: 3 }, "The server does not support version 3 of the 'json' protocol."],
      [{ protocol: "json" }, "An unexpected error occurred during connection handshake."],
    ])("row 19: %j is refused without a Close message", async (request, error) => {
      await using hub = await startHub();
      const client = await hub.connect({ handshake: null });
      client.sendText(record(request));
      await client.closed;
      expect(client.frames).toEqual([record({ error })]);
      expect(hub.log.connected).toEqual([]);
    });
  });

  describe("framing", () => {
    test("row 20: one message in three pieces, five messages in one", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      const text = record(call("Echo", ["äöü"], "1"));
      for (const part of [text.slice(0, 5), text.slice(5, 40), text.slice(40)]) client.sendText(part);
      expect(await client.next()).toMatchObject({ result: "äöü" });
      client.send(...[1, 2, 3, 4, 5].map((value) => call("Echo", [value], String(value))));
      for (const value of [1, 2, 3, 4, 5]) expect(await client.next()).toMatchObject({ result: value });
    });

    test("row 21: JSON sent as bytes", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.sendBytes(Buffer.from(record(call("Echo", [1], "1"))));
      expect(await client.next()).toMatchObject({ result: 1 });
    });

    test("row 22: exactly the limit passes, one byte more closes with reconnect", async () => {
      await using hub = await startHub({ maximumReceiveMessageSize: 1000, detailedErrors: true });
      const client = await hub.connect();
      const ofLength = (bytes: number) => {
        const base = record(call("Echo", [""], "1")).length;
        return record(call("Echo", ["x".repeat(bytes - base)], "1"));
      };
      client.sendText(ofLength(1000));
      expect(await client.next()).toMatchObject({ type: 3 });
      client.sendText(ofLength(1001));
      expect(await client.next()).toEqual({
        type: 7,
        error: expect.stringContaining(
          "Connection closed with an error. InvalidDataException: The maximum message size of 1000B was exceeded. ",
        ),
        allowReconnect: true,
      });
      expect(hub.log.disconnected).toMatchObject([{ error: { code: "protocol-error" } }]);
    });

    test("a message larger than what may wait unread arrives whole", async () => {
      await using hub = await startHub({ maximumReceiveMessageSize: 256 * 1024 });
      const client = await hub.connect();
      const text = "x".repeat(200_000);
      expect(await client.invoke("Echo", text)).toMatchObject({ result: text });
    });

    test("row 23: a hundred small messages together may exceed the limit", async () => {
      await using hub = await startHub({ maximumReceiveMessageSize: 1000 });
      const client = await hub.connect();
      client.send(...Array.from({ length: 100 }, (_, index) => call("Echo", [index], String(index))));
      for (let index = 0; index < 100; index++) expect(await client.next()).toMatchObject({ result: index });
    });

    test("messages of one turn leave in one write", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      await client.invoke("TellMany", 50);
      const frame = client.frames.find((text) => text.includes("Counted")) ?? "";
      expect(frame.split("\u001e").length - 1).toBeGreaterThan(25);
      expect(client.frames.join("").match(/Counted/g)).toHaveLength(50);
    });
  });

  describe("a client that is too fast", () => {
    test("while its connection is busy is held back, and loses nothing", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      const filler = "x".repeat(20_000);
      const count = 1000;
      client.send(call("Wait", ["a"], "a"));
      for (let index = 0; index < count; index++)
        client.send(call("Echo", [index], String(index)), { type: 6, filler });
      await expect.poll(() => hub.log.started).toEqual(["a"]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(hub.signalr.metrics().hubs[0]?.bytesReceived).toBeLessThan(300_000);
      hub.log.gate.open();
      expect(await client.next()).toMatchObject({ result: "a" });
      for (let index = 0; index < count; index++) expect(await client.next()).toMatchObject({ result: index });
    });
  });

  describe("garbage", () => {
    const target = fc.constantFrom(
      "Echo",
      "Throws",
      "Refuses",
      "Bound",
      "Join",
      "Tell",
      "OneOrTwo",
      "__proto__",
      "Nope",
    );
    const id = fc.constantFrom("1", "", "2");
    const shaped = fc.record(
      {
        type: fc.oneof(fc.integer({ min: -1, max: 11 }), fc.jsonValue()),
        target: fc.oneof(target, fc.jsonValue()),
        arguments: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.jsonValue()),
        invocationId: fc.oneof(id, fc.jsonValue()),
        streamIds: fc.jsonValue(),
        error: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(shaped.map(record), fc.string(), fc.constant(handshake));

    test("of any kind ends at most its own connection", async () => {
      await using hub = await startHub();
      const witness = await hub.connect();
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.boolean(), async (texts, shakes) => {
          using client = await hub.connect(shakes ? {} : { handshake: null });
          for (const part of texts) client.sendText(part);
          expect(await witness.invoke("Echo", texts.length)).toMatchObject({ result: texts.length });
        }),
        { numRuns: 60 },
      );
    });
  });

  describe.each(protocols)("invocations in %s", (protocol) => {
    const failed = "Failed to invoke";
    const unexpected = "An unexpected error occurred invoking";

    test.each([
      [
        "row 24",
        "Nope",
        [],
        `${failed} 'Nope' due to an error on the server. HubException: Method does not exist.`,
        "",
      ],
      [
        "row 25",
        "toString",
        [],
        `${failed} 'toString' due to an error on the server. HubException: Method does not exist.`,
        "",
      ],
      [
        "row 25",
        "constructor",
        [],
        `${failed} 'constructor' due to an error on the server. HubException: Method does not exist.`,
        "",
      ],
      [
        "row 25",
        "__proto__",
        [],
        `${failed} '__proto__' due to an error on the server. HubException: Method does not exist.`,
        "",
      ],
      [
        "row 25",
        "onConnected",
        [],
        `${failed} 'onConnected' due to an error on the server. HubException: Method does not exist.`,
        "",
      ],
      [
        "row 26",
        "eCHO",
        [1, 2],
        `${failed} 'eCHO' due to an error on the server.`,
        " InvalidDataException: Invocation provides 2 argument(s) but target expects 1.",
      ],
      [
        "row 26",
        "OneOrTwo",
        [],
        `${failed} 'OneOrTwo' due to an error on the server.`,
        " InvalidDataException: Invocation provides 0 argument(s) but target expects 1.",
      ],
      [
        "row 26",
        "OneOrTwo",
        [1, 2, 3],
        `${failed} 'OneOrTwo' due to an error on the server.`,
        " InvalidDataException: Invocation provides 3 argument(s) but target expects 2.",
      ],
      [
        "row 27",
        "Bound",
        ["x"],
        `${failed} 'Bound' due to an error on the server.`,
        " InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.",
      ],
      [
        "bind's own words",
        "Bound",
        ["reason"],
        `${failed} 'Bound' due to an error on the server. HubException: lat: out of range`,
        "",
      ],
      ["row 28", "Throws", [], `${unexpected} 'Throws' on the server.`, " TypeError: inner detail"],
      ["row 29", "Refuses", [], `${unexpected} 'Refuses' on the server. HubException: Not today.`, ""],
      ["row 30", "AdminsOnly", [], `${failed} 'AdminsOnly' because user is unauthorized`, ""],
      ["row 30", "Denies", [], `${failed} 'Denies' because user is unauthorized`, ""],
      [
        "a result that the protocol cannot carry",
        "Unserializable",
        [],
        `${unexpected} 'Unserializable' on the server.`,
        protocol === "json"
          ? " TypeError: Do not know how to serialize a BigInt"
          : " RangeError: MessagePack has no integer of this size.",
      ],
    ])("%s: %s%j", async (_row, target, args, error, detail) => {
      for (const detailedErrors of [false, true]) {
        await using hub = await startHub({ detailedErrors });
        const client = await hub.connect({ protocol });
        const expected = detailedErrors ? error + detail : error;
        expect(await client.invoke(target, ...args)).toEqual({ type: 3, invocationId: "1", error: expected });
        expect(await client.invoke("Echo", "still here")).toMatchObject({ result: "still here" });
      }
    });

    test("names do not mind case, bound arguments reach the method, authorization lets through", async () => {
      await using hub = await startHub();
      const admin = await hub.connect({ protocol, accessToken: "admin" });
      expect(await admin.invoke("adminsONLY")).toMatchObject({ result: "in" });
      expect(await admin.invoke("bound", 21)).toMatchObject({ result: 42 });
      expect(await admin.invoke("OneOrTwo", 1, 2)).toMatchObject({ result: 2 });
    });

    test("row 32: a stream of a plain method, or of none", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      client.send(
        { type: 4, invocationId: "1", target: "Echo", arguments: [1] },
        { type: 4, invocationId: "2", target: "Nope", arguments: [] },
      );
      expect(await client.next()).toMatchObject({
        invocationId: "1",
        error: "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
      });
      expect(await client.next()).toMatchObject({
        invocationId: "2",
        error: `${failed} 'Nope' due to an error on the server. HubException: Method does not exist.`,
      });
    });

    test("row 38: streams for a method without stream parameters", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      client.send({ ...call("Echo", [1], "1"), streamIds: ["1", "2"] });
      expect(await client.next()).toMatchObject({
        error: `${failed} 'Echo' due to an error on the server. HubException: Client sent 2 stream(s), Hub method expects 0.`,
      });
    });

    test("rows 37, 39, 49, 54: what concerns nothing is dropped", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      client.send(
        { type: 5, invocationId: "9" },
        { type: 2, invocationId: "9", item: 1 },
        { type: 3, invocationId: "9", result: 1 },
        { type: 8, sequenceId: 1 },
        { type: 9, sequenceId: 1 },
        { type: 42 },
      );
      expect(await client.invoke("Echo", 1)).toMatchObject({ result: 1 });
      expect(client.frames).toHaveLength(2);
    });

    test("row 43: calls of one connection run one after the other", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      client.send(call("Wait", ["a"], "1"), call("Wait", ["b"], "2"), call("Echo", ["c"], "3"));
      const other = await hub.connect({ protocol });
      expect(await other.invoke("Echo", "d")).toMatchObject({ result: "d" });
      expect(hub.log.started).toEqual(["a"]);
      hub.log.gate.open();
      expect([await client.next(), await client.next(), await client.next()]).toMatchObject([
        { result: "a" },
        { result: "b" },
        { result: "c" },
      ]);
    });

    test("as many calls as the hub allows run side by side", async () => {
      await using hub = await startHub({ maximumParallelInvocations: 2 });
      const client = await hub.connect({ protocol });
      client.send(...["a", "b", "c"].map((value) => call("Wait", [value], value)));
      await expect.poll(() => hub.log.started).toEqual(["a", "b"]);
      hub.log.gate.open();
      for (const value of ["a", "b", "c"]) expect(await client.nextOf(3)).toMatchObject({ result: value });
    });

    test("row 47: a call without id is never answered", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      client.send(call("Throws", []), call("Nope", []), call("Echo", []), call("Echo", [1]));
      expect(await client.invoke("Echo", 2)).toMatchObject({ result: 2 });
      expect(client.frames).toHaveLength(2);
    });

    test("row 48: a void method answers null", async () => {
      await using hub = await startHub();
      const client = await hub.connect({ protocol });
      expect(await client.invoke("Nothing")).toEqual({ type: 3, invocationId: "1", result: null });
    });
  });
});
