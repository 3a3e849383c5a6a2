import type { Duplex } from "node:stream";
import type { Batch } from "../../protocol/batch.ts";
import type { TransferFormat } from "../../protocol/hub-protocol.ts";
import type { Connection, ConnectionOwner } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { closeFrame, frame, frameOf, opcodeOf, opcodes } from "./frames.ts";

/** Seconds to wait for the peer's close frame, and for a write to get through; the reference server's numbers. */
const closeSeconds = 5;
const sendSeconds = 10;

/** Bytes. */
const maximumWaitingForPong = 16 * 1024;

const normalClosure = closeFrame(1000);
const connection = Symbol("WebSocketConnection");

type OwnedSocket = Duplex & { [connection]?: WebSocketConnection };

/**
 * A WebSocket after its upgrade, straight on the socket.
 *
 *   open ──close()──▶ closing ──peer's close frame, 5 s──▶ closed
 *     └──peer's close frame, end, error, violation, terminate()──▶ closed
 */
export class WebSocketConnection implements Connection, FrameSink {
  readonly transport = "WebSockets";
  readonly #socket: Duplex;
  readonly #reader: FrameReader;
  #owner: ConnectionOwner | null = null;
  #closeSent = false;
  #closeSeconds = 0;
  #sentBytes = 0;
  #completedBytes = 0;
  #stuckSeconds = 0;

  constructor(socket: Duplex, maximumFragments: number) {
    this.#socket = socket;
    this.#reader = new FrameReader(maximumFragments);
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  start(owner: ConnectionOwner): void {
    this.#owner = owner;
    const socket: OwnedSocket = this.#socket;
    socket[connection] = this;
    socket.on("data", socketData);
    socket.on("end", socketEnd);
    socket.on("error", socketError);
    socket.on("close", socketClose);
  }

  /** Bytes that arrived together with the upgrade request. */
  receive(chunk: Buffer): void {
    this.#reader.read(chunk, this);
  }

  send(batch: Batch): void {
    this.#write(frameOf(batch));
  }

  sendText(text: string, format: TransferFormat): void {
    this.#write(frame(opcodeOf(format), Buffer.from(text)));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#write(normalClosure);
    this.#closeSent = true;
    this.#socket.resume();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  tick(): void {
    if (this.#closeSent && ++this.#closeSeconds >= closeSeconds) return this.terminate();
    const waiting = this.#socket.writableLength;
    const completed = this.#sentBytes - waiting;
    const moved = waiting === 0 || completed !== this.#completedBytes;
    this.#completedBytes = completed;
    this.#stuckSeconds = moved ? 0 : this.#stuckSeconds + 1;
    if (this.#stuckSeconds <= sendSeconds) return;
    this.#owner?.ended(new ConnectionError("write-timeout", "A write did not complete in time."));
    this.terminate();
  }

  onData(chunk: Buffer): void {
    this.#owner?.received(chunk);
  }

  /** A client that pings without reading is not answered: its pongs would pile up. */
  onPing(payload: Buffer): void {
    if (this.#socket.writableLength < maximumWaitingForPong) this.#write(frame(opcodes.pong, payload));
  }

  /** Answers 1000 even to a close without a code. */
  onClose(): void {
    this.#write(normalClosure);
    this.#sayGoodbye(null);
  }

  onViolation(code: number, message: string): void {
    this.#write(closeFrame(code));
    this.#sayGoodbye(new ConnectionError("transport", `WebSocket: ${message}.`));
  }

  /** The socket's reading side ended without a close frame. */
  socketEnded(): void {
    this.#sayGoodbye(new ConnectionError("transport", "The client went away without the WebSocket close handshake."));
  }

  socketFailed(error: Error): void {
    this.#owner?.ended(new ConnectionError("transport", error.message));
  }

  socketClosed(): void {
    const owner = this.#owner;
    this.#owner = null;
    owner?.ended(new ConnectionError("transport", "The connection was lost."));
    owner?.closed();
  }

  #sayGoodbye(error: Error | null): void {
    this.#closeSent = true;
    this.#owner?.ended(error);
    const socket = this.#socket;
    if (socket.writableFinished) socket.destroy();
    else socket.end(() => socket.destroy());
  }

  #write(bytes: Buffer): void {
    if (this.#closeSent || !this.#socket.writable) return;
    this.#sentBytes += bytes.length;
    this.#socket.write(bytes);
  }
}

// One function each for all sockets: a closure per socket and event costs more memory than the rest of this class.

function socketData(this: OwnedSocket, chunk: Buffer): void {
  this[connection]?.receive(chunk);
}

function socketEnd(this: OwnedSocket): void {
  this[connection]?.socketEnded();
}

function socketError(this: OwnedSocket, error: Error): void {
  this[connection]?.socketFailed(error);
}

function socketClose(this: OwnedSocket): void {
  this[connection]?.socketClosed();
}
