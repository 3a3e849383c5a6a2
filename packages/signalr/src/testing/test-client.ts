import { JsonHubProtocol } from "../protocol/json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "../protocol/messagepack/messagepack-hub-protocol.ts";
import type { TransportName } from "../transports/connection.ts";
import { type Closing, openChannel } from "./channels.ts";

const recordEnd = "\u001e";
const patienceMs = 2000;
const json = new JsonHubProtocol();
const messagePack = new MessagePackHubProtocol();

/** A hub message as it came over the wire. */
export type WireMessage = Readonly<Record<string, unknown>>;

export type TestClientOptions = {
  /** Default JSON. What MessagePack carries is given and shown as JSON would have it. */
  protocol?: TestProtocol;
  /** Sent as `?access_token`. */
  accessToken?: string;
  /** Connection token of a negotiation; none skips negotiation with WebSockets, and negotiates with the others. */
  id?: string;
  /** Default WebSockets. */
  transport?: TransportName;
  /** Default the protocol's handshake; null sends nothing. */
  handshake?: string | null;
};

export type TestProtocol = "json" | "messagepack";

/** A client that speaks a hub protocol by hand over any transport, for what official clients would never send. */
export type TestClient = Disposable & {
  /** Every write of the server as received: a WebSocket message, an event, the answer to a poll. */
  readonly frames: readonly string[];
  /** The format of each of them; polls have bytes. */
  readonly frameFormats: readonly ("Text" | "Binary")[];
  readonly closed: Promise<Closing>;
  /** Any text as one WebSocket message or POST; no record end is added. */
  sendText(text: string): void;
  sendBytes(bytes: Uint8Array): void;
  /** Each object as a hub message, all in one WebSocket message or POST. */
  send(...messages: readonly object[]): void;
  /** The next hub message, waiting up to 2 s. */
  next(): Promise<WireMessage>;
  /** The next hub message of a type, others skipped. */
  nextOf(type: number): Promise<WireMessage>;
  /** Calls a method and returns its completion. */
  invoke(target: string, ...args: readonly unknown[]): Promise<WireMessage>;
  /** Goodbye as the transport has it: a close frame without a code, the stream dropped, a DELETE. */
  close(): void;
};

/** Connects to a hub's `http:` address. Rejects when that is refused. */
export async function connectTestClient(url: string, options: TestClientOptions = {}): Promise<TestClient> {
  const { transport = "WebSockets", accessToken } = options;
  const address = new URL(url);
  if (accessToken !== undefined) address.searchParams.set("access_token", accessToken);
  const id = options.id ?? (transport === "WebSockets" ? undefined : await negotiatedToken(address));
  if (id !== undefined) address.searchParams.set("id", id);
  const { protocol = "json" } = options;
  const frames: string[] = [];
  const frameFormats: ("Text" | "Binary")[] = [];
  const arrived: WireMessage[] = [];
  const waiting: ((message: WireMessage) => void)[] = [];
  let nextId = 1;

  const { promise: closed, resolve: hasClosed } = Promise.withResolvers<Closing>();
  const channel = await openChannel[transport](address, {
    received: (data) => {
      frameFormats.push(typeof data === "string" ? "Text" : "Binary");
      const frame =
        typeof data === "string" || protocol === "json" ? String(data) : fromBytes(data, frames.length === 0);
      frames.push(frame);
      for (const record of frame.split(recordEnd).slice(0, -1)) {
        const message = JSON.parse(record) as WireMessage;
        const receiver = waiting.shift();
        if (receiver === undefined) arrived.push(message);
        else receiver(message);
      }
    },
    closed: hasClosed,
  });

  const client: TestClient = {
    frames,
    frameFormats,
    closed,
    sendText: (text) => channel.send(text),
    sendBytes: (bytes) => channel.send(new Uint8Array(bytes)),
    send: (...messages) => channel.send(protocol === "json" ? messages.map(toJson).join("") : toMessagePack(messages)),
    next: () => {
      const message = arrived.shift();
      if (message !== undefined) return Promise.resolve(message);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("No hub message came.")), patienceMs);
        waiting.push((received) => {
          clearTimeout(timer);
          resolve(received);
        });
      });
    },
    nextOf: async (type) => {
      for (;;) {
        const message = await client.next();
        if (message["type"] === type) return message;
      }
    },
    invoke: (target, ...args) => {
      client.send({ type: 1, invocationId: String(nextId++), target, arguments: args });
      return client.nextOf(3);
    },
    close: () => channel.close(),
    [Symbol.dispose]: () => channel.close(),
  };
  const handshake =
    options.handshake === undefined ? `{"protocol":"${protocol}","version":1}${recordEnd}` : options.handshake;
  if (handshake !== null) {
    client.sendText(handshake);
    await client.next();
  }
  return client;
}

const toJson = (message: object): string => JSON.stringify(message) + recordEnd;

function toMessagePack(messages: readonly object[]): Uint8Array<ArrayBuffer> {
  const encoded = messages.map((message) => {
    const known = json.parse(Buffer.from(JSON.stringify(message)));
    return known === null ? Buffer.from([2, 0x91, 42]) : messagePack.encode(known, 0);
  });
  return new Uint8Array(Buffer.concat(encoded));
}

/** The answer to the handshake is text, and what follows it may come with it. */
function fromBytes(bytes: Buffer, isFirst: boolean): string {
  const textBytes = isFirst ? bytes.indexOf(recordEnd) + 1 : 0;
  return bytes.toString("utf8", 0, textBytes) + fromMessagePack(bytes.subarray(textBytes));
}

/** Each frame holds whole messages. */
function fromMessagePack(frame: Buffer): string {
  const reader = messagePack.createReader(frame.length);
  reader.push(frame);
  let text = "";
  for (let bytes = reader.next(); bytes !== null; bytes = reader.next()) {
    const message = messagePack.parse(bytes);
    if (message !== null) text += json.encode(message, 0).toString();
  }
  if (reader.unreadBytes > 0) throw new Error("A frame ends before its last message is whole.");
  return text;
}

async function negotiatedToken(hub: URL): Promise<string> {
  const address = new URL(hub);
  address.pathname += "/negotiate";
  address.searchParams.set("negotiateVersion", "1");
  const response = await fetch(address, { method: "POST" });
  if (response.status !== 200) throw new Error(`The negotiation was refused: ${response.status}.`);
  const { connectionToken } = (await response.json()) as { connectionToken: string };
  return connectionToken;
}
