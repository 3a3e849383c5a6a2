import { type Batch, headroomBytes } from "../protocol/batch.ts";
import type { Connection, ConnectionOwner } from "../transports/connection.ts";
import { ConnectionError } from "../transports/connection-error.ts";

/** The client's end of a line in memory. What it is told is not yet what it hears: the line in between may lose or delay it. */
export type MemoryPeer = {
  /** One write of the server. */
  text(text: string): void;
  /** The server said goodbye and waits for the answer. */
  goodbye(): void;
  /** The server dropped the line. */
  dropped(): void;
};

/** A transport of text without sockets, for a whole server in one process: the server's end of the line. */
export type MemoryTransport = Connection & {
  text(text: string): void;
  /** The client said goodbye, or answered the server's. */
  goodbye(): void;
  /** The line broke and the server notices. */
  lost(): void;
};

const closeSeconds = 5;
const texts = new WeakMap<Batch, string>();

/** The batch as text, made once for all its receivers. */
function textOf(batch: Batch): string {
  const known = texts.get(batch);
  if (known !== undefined) return known;
  const text = batch.toBytes().toString("utf8", headroomBytes);
  texts.set(batch, text);
  return text;
}

export function createMemoryTransport(peer: MemoryPeer): MemoryTransport {
  let owner: ConnectionOwner | null = null;
  let state: "open" | "closing" | "closed" = "open";
  let closingSeconds = 0;
  let paused = false;
  let waiting: string[] = [];

  function end(error: Error | null): void {
    if (state === "closed") return;
    state = "closed";
    owner?.ended(error);
    owner?.closed();
  }

  const transport: MemoryTransport = {
    transport: "WebSockets",
    bufferedBytes: 0,
    start(connectionOwner) {
      owner = connectionOwner;
    },
    send(batch) {
      if (state === "open") peer.text(textOf(batch));
    },
    sendText(text) {
      if (state === "open") peer.text(text);
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      const held = waiting;
      waiting = [];
      for (const text of held) transport.text(text);
    },
    close() {
      if (state !== "open") return;
      state = "closing";
      peer.goodbye();
    },
    terminate() {
      if (state === "closed") return;
      peer.dropped();
      end(new ConnectionError("transport", "The connection was lost."));
    },
    tick() {
      if (state === "closing" && ++closingSeconds >= closeSeconds) transport.terminate();
    },
    text(text) {
      if (paused) waiting.push(text);
      else if (state === "open") owner?.received(Buffer.from(text));
    },
    goodbye: () => end(null),
    lost: () => end(new ConnectionError("transport", "The connection was lost.")),
  };
  return transport;
}
