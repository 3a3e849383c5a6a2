const recordEnd = "\u001e";
const patienceMs = 2000;

/** A hub message as it came over the wire. */
export type WireMessage = Readonly<Record<string, unknown>>;

export type TestClientOptions = {
  /** Sent as `?access_token`. */
  accessToken?: string;
  /** Connection token of a negotiation; none skips negotiation. */
  id?: string;
  /** Default the JSON handshake; null sends nothing. */
  handshake?: string | null;
};

/** A client that speaks the JSON hub protocol by hand over a WebSocket, for what official clients would never send. */
export type TestClient = Disposable & {
  /** Every WebSocket message as received. */
  readonly frames: readonly string[];
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
  const socket = new WebSocket(address);
  const frames: string[] = [];
  const arrived: WireMessage[] = [];
  const waiting: ((message: WireMessage) => void)[] = [];
  let nextId = 1;

  socket.addEventListener("message", ({ data }: { data: unknown }) => {
    const frame = String(data);
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
    closed,
    sendText: (text) => socket.send(text),
    sendBytes: (bytes) => socket.send(new Uint8Array(bytes)),
    send: (...messages) => socket.send(messages.map((message) => JSON.stringify(message) + recordEnd).join("")),
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
  const handshake = options.handshake === undefined ? `{"protocol":"json","version":1}${recordEnd}` : options.handshake;
  if (handshake !== null) {
    client.sendText(handshake);
    await client.next();
  }
  return client;
}
