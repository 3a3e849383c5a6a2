import { type Batch, headroomBytes } from "../../protocol/batch.ts";
import type { Connection, ConnectionOwner } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { PostedBytes } from "../posted-bytes.ts";

/** Seconds for an answer to get through; the reference server's number. */
const sendSeconds = 10;

const nothing = Buffer.alloc(0);

/** A request of the client that waits for bytes. */
export type Poll = {
  /** Bytes of the answer not yet taken by the operating system. */
  readonly bufferedBytes: number;
  /** 200, possibly without bytes: then the client just asks again. */
  answer(bytes: Buffer): void;
  /** 204: do not ask again. */
  end(): void;
  destroy(): void;
};

export type LongPollingTimes = {
  /** How long a poll waits for bytes. */
  readonly pollSeconds: number;
  /** How long the client may take between two polls. */
  readonly disconnectSeconds: number;
};

/**
 * A client that asks for bytes again and again. Bytes wait for a poll; those of an answer that did not get through wait for the next.
 *
 *   open ──close()──▶ closing ──all delivered and a poll told so──▶ closed
 *     └──end(), no poll in time, terminate()──▶ closed ◀──┘ no poll in time
 */
export class LongPollingConnection implements Connection {
  readonly transport = "LongPolling";
  readonly posts: PostedBytes = new PostedBytes();
  readonly #times: LongPollingTimes;
  #owner: ConnectionOwner | null = null;
  #state: "open" | "closing" | "closed" = "open";
  #isEstablished = false;
  #waiting: Poll | null = null;
  #answering: { readonly poll: Poll; readonly bytes: Buffer } | null = null;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  /** Seconds that the poll waits, or that none came. */
  #seconds = 0;
  #unsentBytes = 0;
  #stuckSeconds = 0;

  constructor(times: LongPollingTimes) {
    this.#times = times;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + (this.#answering?.bytes.length ?? 0);
  }

  start(owner: ConnectionOwner): void {
    this.#owner = owner;
    this.posts.start(owner);
  }

  send(batch: Batch): void {
    this.#enqueue(batch.toBytes().subarray(headroomBytes));
  }

  sendText(text: string): void {
    this.#enqueue(Buffer.from(text));
  }

  pause(): void {
    this.posts.pause();
  }

  resume(): void {
    this.posts.resume();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.posts.end();
    this.#deliver();
  }

  terminate(): void {
    this.#answering?.poll.destroy();
    this.#finish(new ConnectionError("transport", "The connection was lost."));
  }

  tick(): void {
    if (this.#answering !== null) return this.#watchAnswer(this.#answering.poll);
    this.#seconds++;
    if (this.#waiting !== null) {
      if (this.#seconds >= this.#times.pollSeconds) this.#answer(this.#waiting, nothing);
    } else if (this.#seconds >= this.#times.disconnectSeconds) {
      this.#finish(new ConnectionError("client-timeout", "The client did not poll in time."));
    }
  }

  /** The client asks. The first poll is answered at once, which tells it that it is connected; a newer one replaces one that waits. */
  poll(poll: Poll): void {
    if (this.#state === "closed") return poll.end();
    this.#waiting?.end();
    this.#waiting = poll;
    this.#seconds = 0;
    if (this.#isEstablished) return this.#deliver();
    this.#isEstablished = true;
    this.#answer(poll, nothing);
  }

  /** The answer to this poll has left. */
  answered(poll: Poll): void {
    if (this.#answering?.poll !== poll) return;
    this.#answering = null;
    this.#seconds = 0;
    this.#deliver();
  }

  /** The client gave this poll up, or its answer did not get through. */
  lost(poll: Poll): void {
    if (this.#waiting === poll) {
      this.#waiting = null;
      this.#seconds = 0;
    }
    if (this.#answering?.poll !== poll) return;
    const { bytes } = this.#answering;
    this.#answering = null;
    this.#seconds = 0;
    if (this.#state === "closed") return;
    this.#queue.unshift(bytes);
    this.#queuedBytes += bytes.length;
    this.#deliver();
  }

  /** The client says goodbye. */
  end(): void {
    this.#finish(null);
  }

  /** A post broke off after the hub had its beginning: what follows would not fit. */
  postBroke(): void {
    this.#finish(new ConnectionError("transport", "A request body broke off."));
  }

  #enqueue(bytes: Buffer): void {
    if (this.#state !== "open") return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#deliver();
  }

  #deliver(): void {
    const poll = this.#waiting;
    if (poll === null || this.#answering !== null) return;
    if (this.#queuedBytes > 0) {
      const [first] = this.#queue;
      const bytes = this.#queue.length === 1 && first !== undefined ? first : Buffer.concat(this.#queue);
      this.#queue = [];
      this.#queuedBytes = 0;
      this.#answer(poll, bytes);
    } else if (this.#state === "closing") {
      this.#finish(null);
    }
  }

  #answer(poll: Poll, bytes: Buffer): void {
    this.#waiting = null;
    this.#answering = { poll, bytes };
    this.#unsentBytes = 0;
    this.#stuckSeconds = 0;
    poll.answer(bytes);
  }

  #watchAnswer(poll: Poll): void {
    const unsent = poll.bufferedBytes;
    this.#stuckSeconds = unsent === this.#unsentBytes ? this.#stuckSeconds + 1 : 0;
    this.#unsentBytes = unsent;
    if (this.#stuckSeconds <= sendSeconds) return;
    poll.destroy();
    this.#finish(new ConnectionError("write-timeout", "A write did not complete in time."));
  }

  #finish(error: Error | null): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    const [owner, poll] = [this.#owner, this.#waiting];
    this.#owner = null;
    this.#waiting = null;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.posts.end();
    poll?.end();
    owner?.ended(error);
    owner?.closed();
  }
}
