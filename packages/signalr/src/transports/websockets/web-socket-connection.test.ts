import { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { OutgoingMessage } from "../../protocol/batch.ts";
import { JsonHubProtocol } from "../../protocol/json/json-hub-protocol.ts";
import { WebSocketConnection } from "./web-socket-connection.ts";

const protocol = new JsonHubProtocol();

/** A socket whose writes complete when the test says so, and what the connection on it told. */
function open(writesComplete: boolean) {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      if (writesComplete) done();
    },
  });
  const told: unknown[] = [];
  const connection = new WebSocketConnection(socket, 64);
  connection.start({
    received: (chunk) => told.push(chunk.toString()),
    ended: (error) => told.push(error),
    closed: () => told.push("closed"),
  });
  return { socket, connection, written, told };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const ticks = (connection: WebSocketConnection, count: number) => {
  for (let second = 0; second < count; second++) connection.tick();
};
const batch = () => new OutgoingMessage({ type: "ping" }).after(protocol.emptyBatch);
const masked = (opcode: number, payload: string) =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload)]);

describe("a WebSocket connection", () => {
  test("is given up when a write hangs for 10 s", async () => {
    const { socket, connection, told } = open(false);
    connection.send(batch());
    ticks(connection, 10);
    expect(told).toEqual([]);
    ticks(connection, 1);
    await turn();
    expect(socket.destroyed).toBe(true);
    expect(told).toMatchObject([{ code: "write-timeout" }, { code: "transport" }, "closed"]);
  });

  test("with writes that get through lives on", () => {
    const { socket, connection } = open(true);
    for (let second = 0; second < 60; second++) {
      connection.send(batch());
      ticks(connection, 1);
    }
    expect(socket.destroyed).toBe(false);
  });

  test("waits 5 s for the answer to its close frame", async () => {
    const { socket, connection, written, told } = open(true);
    connection.close();
    connection.send(batch());
    expect(written).toEqual([Buffer.from([0x88, 2, 0x03, 0xe8])]);
    ticks(connection, 4);
    expect(socket.destroyed).toBe(false);
    ticks(connection, 1);
    await turn();
    expect([socket.destroyed, told.at(-1)]).toEqual([true, "closed"]);
  });

  test("answers a close frame without code by 1000 and drops the socket", async () => {
    const { socket, written, told } = open(true);
    socket.push(masked(8, ""));
    await turn();
    await turn();
    expect(written).toEqual([Buffer.from([0x88, 2, 0x03, 0xe8])]);
    expect([socket.destroyed, told[0], told.at(-1)]).toEqual([true, null, "closed"]);
  });

  test("tells a violation with its close code", async () => {
    const { socket, written, told } = open(true);
    socket.push(Buffer.from([0x81, 0x01, 0x61]));
    await turn();
    await turn();
    expect(written).toEqual([Buffer.from([0x88, 2, 0x03, 0xea])]);
    expect(told[0]).toMatchObject({ code: "transport", message: "WebSocket: client frames must be masked." });
  });

  test("answers pings, but not those of a client that does not read", async () => {
    const reading = open(true);
    reading.socket.push(masked(9, "hi"));
    await turn();
    expect(reading.written).toEqual([Buffer.from([0x8a, 2, 0x68, 0x69])]);
    const deaf = open(false);
    const full = masked(9, "x".repeat(125));
    deaf.socket.push(Buffer.concat(Array.from({ length: 1000 }, () => full)));
    await turn();
    expect(deaf.socket.writableLength).toBeLessThan(17_000);
  });
});
