import { JsonHubProtocol } from "../protocol/json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "../protocol/messagepack/messagepack-hub-protocol.ts";

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
  /** Connection token of a negotiation; none skips negotiation. */
  id?: string;
  /** Default the protocol's handshake; null sends nothing. */
  handshake?: string | null;
};

export type TestProtocol = "json" | "messagepack";

/** A client that speaks a hub protocol by hand over a WebSocket, for what official clients would never send. */
export type TestClient = Disposable & {
  /** Every WebSocket message as received. */
  readonly frames: readonly string[];
  /** The format of each of them. */
  readonly frameFormats: readonly ("Text" | "Binary")[];
  readonly closed: Promise<{ readonly code: number; readonly wasClean: boolean }>;
  /** Any text as one WebSocket message; no record end is added. */
  sendText(text: string): void;
  sendBytes(bytes: Uint8Array): void;
  /** Each object as a hub message, all in one WebSocket message. */
  send(...messages: readonly object[]): void;
  /** The next hub message, waiting up to 2 s. */
  next(): Promise<WireMessage>;
  /** The next hub message of a type, others skipped. */
  nextOf(type: number): Promise<WireMessage>;
  /** Calls a method and returns its completion. */
  invoke(target: string, ...args: readonly unknown[]): Promise<WireMessage>;
  /** Sends a close frame without a code. */
  close(): void;
};

/** Connects to a hub's `ws:` address. Rejects when the upgrade is refused. */
export async function connectTestClient(url: string, options: TestClientOptions = {}): Promise<TestClient> {
  const address = new URL(url);
  if (options.id !== undefined) address.searchParams.set("id", options.id);
  if (options.accessToken !== undefined) address.searchParams.set("access_token", options.accessToken);
  const { protocol = "json" } = options;
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const frames: string[] = [];
  const frameFormats: ("Text" | "Binary")[] = [];
  const arrived: WireMessage[] = [];
  const waiting: ((message: WireMessage) => void)[] = [];
  let nextId = 1;

  socket.addEventListener("message", ({ data }: { data: string | ArrayBuffer }) => {
    frameFormats.push(typeof data === "string" ? "Text" : "Binary");
    const isHandshake = frames.length === 0;
    const frame =
      typeof data === "string" ? data : isHandshake ? Buffer.from(data).toString() : fromMessagePack(Buffer.from(data));
    frames.push(frame);
    for (const record of frame.split(recordEnd).slice(0, -1)) {
      const message = JSON.parse(record) as WireMessage;
      const receiver = waiting.shift();
      if (receiver === undefined) arrived.push(message);
      else receiver(message);
    }
  });
  const closed = new Promise<{ code: number; wasClean: boolean }>((resolve) => {
    socket.addEventListener("close", ({ code, wasClean }) => resolve({ code, wasClean }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("The upgrade was refused.")));
  });

  const client: TestClient = {
    frames,
    frameFormats,
    closed,
    sendText: (text) => socket.send(text),
    sendBytes: (bytes) => socket.send(new Uint8Array(bytes)),
    send: (...messages) => socket.send(protocol === "json" ? messages.map(toJson).join("") : toMessagePack(messages)),
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
    close: () => socket.close(),
    [Symbol.dispose]: () => socket.close(),
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
