import type { TransportName } from "../transports/connection.ts";

/** A client's bytes by hand, whatever transport carries them. */
export type Channel = {
  /** One WebSocket message, or one POST. In order. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Goodbye as the transport has it: a close frame without code, the stream dropped, a DELETE. */
  close(): void;
};

export type Closing = { readonly code: number; readonly wasClean: boolean };

export type ChannelEvents = {
  /** One write of the server. */
  received(data: string | Buffer): void;
  closed(closing: Closing): void;
};

/** Connects to an `http:` address with the id of a negotiation. Rejects when that is refused. */
export type OpenChannel = (address: URL, events: ChannelEvents) => Promise<Channel>;

export const openChannel: Readonly<Record<TransportName, OpenChannel>> = {
  WebSockets: openWebSocket,
  ServerSentEvents: openEventStream,
  LongPolling: openLongPolling,
};

const clean: Closing = { code: 1000, wasClean: true };
const broken: Closing = { code: 1006, wasClean: false };

async function openWebSocket(address: URL, events: ChannelEvents): Promise<Channel> {
  const url = new URL(address);
  url.protocol = "ws:";
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }: { data: string | ArrayBuffer }) => {
    events.received(typeof data === "string" ? data : Buffer.from(data));
  });
  socket.addEventListener("close", ({ code, wasClean }) => events.closed({ code, wasClean }));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("The upgrade was refused.")));
  });
  return { send: (data) => socket.send(data), close: () => socket.close() };
}

async function openEventStream(address: URL, events: ChannelEvents): Promise<Channel> {
  const dropped = new AbortController();
  const response = await fetch(address, { headers: { accept: "text/event-stream" }, signal: dropped.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`The stream was refused: ${response.status}.`);
  const stream = response.body.pipeThrough(new TextDecoderStream());
  const reading = async () => {
    let unread = "";
    for await (const part of stream) {
      const pieces = (unread + part).split("\r\n\r\n");
      unread = pieces.pop() ?? "";
      for (const piece of pieces) events.received(dataOf(piece));
    }
  };
  void reading().then(
    () => events.closed(clean),
    () => events.closed(dropped.signal.aborted ? clean : broken),
  );
  const posts = inOrder();
  return {
    send: (data) => posts(() => fetch(address, { method: "POST", body: data })),
    close: () => posts(async () => dropped.abort()),
  };
}

function dataOf(event: string): string {
  const lines = event.split("\r\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => line.slice("data: ".length)).join("\n");
}

async function openLongPolling(address: URL, events: ChannelEvents): Promise<Channel> {
  const first = await fetch(address);
  if (first.status !== 200) throw new Error(`The poll was refused: ${first.status}.`);
  const polling = async () => {
    for (;;) {
      const answer = await fetch(address);
      if (answer.status !== 200) return events.closed(answer.status === 204 ? clean : broken);
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (bytes.length > 0) events.received(bytes);
    }
  };
  void polling().catch(() => events.closed(broken));
  const posts = inOrder();
  return {
    send: (data) => posts(() => fetch(address, { method: "POST", body: data })),
    close: () => posts(() => fetch(address, { method: "DELETE" })),
  };
}

/** Requests one after the other; of a failed one the way back tells. */
function inOrder(): (work: () => Promise<unknown>) => void {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    last = last.then(work).catch(() => {});
  };
}
