import type { Batch } from "../../protocol/batch.ts";
import type { Connection, ConnectionOwner } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { PostedBytes } from "../posted-bytes.ts";
import { batchEvent, eventOf, openingComment } from "./event-stream-frames.ts";

/** Seconds for what is buffered to leave after the end, and for a write to get through; the reference server's numbers. */
const closeSeconds = 5;
const sendSeconds = 10;

/** The answer that stays open. */
export type EventStream = {
  /** Bytes not yet taken by the operating system. */
  readonly bufferedBytes: number;
  write(bytes: Buffer): void;
  end(): void;
  destroy(): void;
};

/**
 * An event stream towards the client, and its posts towards the hub.
 *
 *   open ──close()──▶ closing ──all sent, 5 s──▶ closed
 *     └──the client drops the stream, terminate()──▶ closed
 */
export class ServerSentEventsConnection implements Connection {
  readonly transport = "ServerSentEvents";
  readonly posts: PostedBytes = new PostedBytes();
  readonly #stream: EventStream;
  #owner: ConnectionOwner | null = null;
  #isClosing = false;
  #closeSeconds = 0;
  #sentBytes = 0;
  #completedBytes = 0;
  #stuckSeconds = 0;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  get bufferedBytes(): number {
    return this.#stream.bufferedBytes;
  }

  start(owner: ConnectionOwner): void {
    this.#owner = owner;
    this.posts.start(owner);
    this.#write(openingComment);
  }

  send(batch: Batch): void {
    this.#write(batchEvent(batch));
  }

  sendText(text: string): void {
    this.#write(eventOf(text));
  }

  pause(): void {
    this.posts.pause();
  }

  resume(): void {
    this.posts.resume();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.posts.end();
    this.#stream.end();
  }

  terminate(): void {
    this.#stream.destroy();
  }

  tick(): void {
    if (this.#isClosing && ++this.#closeSeconds >= closeSeconds) return this.terminate();
    const waiting = this.#stream.bufferedBytes;
    const completed = this.#sentBytes - waiting;
    const moved = waiting === 0 || completed !== this.#completedBytes;
    this.#completedBytes = completed;
    this.#stuckSeconds = moved ? 0 : this.#stuckSeconds + 1;
    if (this.#stuckSeconds <= sendSeconds) return;
    this.#owner?.ended(new ConnectionError("write-timeout", "A write did not complete in time."));
    this.terminate();
  }

  /** The stream is gone. Dropping it is how a client of this transport leaves. */
  streamClosed(): void {
    const owner = this.#owner;
    this.#owner = null;
    this.#isClosing = true;
    this.posts.end();
    owner?.ended(null);
    owner?.closed();
  }

  /** A post broke off after the hub had its beginning: what follows would not fit. */
  postBroke(): void {
    this.#owner?.ended(new ConnectionError("transport", "A request body broke off."));
    this.terminate();
  }

  #write(bytes: Buffer): void {
    if (this.#isClosing) return;
    this.#sentBytes += bytes.length;
    this.#stream.write(bytes);
  }
}
