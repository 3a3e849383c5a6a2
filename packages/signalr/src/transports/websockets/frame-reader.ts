import { opcodes } from "./frames.ts";

/** What the reader finds. Data arrives as it comes, without regard to frames, messages and opcodes. */
export type FrameSink = {
  onData(chunk: Buffer): void;
  onPing(payload: Buffer): void;
  /** The peer's close frame. Null: it gave no code. */
  onClose(code: number | null): void;
  /** The peer broke RFC 6455; `code` is the close code that says how. Nothing more is read. */
  onViolation(code: number, message: string): void;
};

const stop = -1;

/**
 * Reads the frames of a client (RFC 6455 section 5) without collecting them: a payload is unmasked where it lies and
 * handed on as it comes. Only a header or a control frame that is split over chunks is kept, 139 bytes at most.
 */
export class FrameReader {
  readonly #maximumFragments: number;
  #partial: Buffer | null = null;
  /** Bytes of the current data frame that are still to come, and its mask, rotated to the next byte. */
  #remaining = 0;
  #mask0 = 0;
  #mask1 = 0;
  #mask2 = 0;
  #mask3 = 0;
  #fragments = 0;
  #done = false;

  constructor(maximumFragments: number) {
    this.#maximumFragments = maximumFragments;
  }

  read(received: Buffer, sink: FrameSink): void {
    if (this.#done) return;
    let chunk = received;
    if (this.#partial !== null) {
      chunk = Buffer.concat([this.#partial, received]);
      this.#partial = null;
    }
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#remaining > 0) {
        const payload = chunk.subarray(offset, offset + this.#remaining);
        this.#unmask(payload);
        this.#remaining -= payload.length;
        offset += payload.length;
        sink.onData(payload);
      } else {
        const next = this.#readHeader(chunk, offset, sink);
        if (next === stop) return;
        if (next === offset) {
          this.#partial = Buffer.from(chunk.subarray(offset));
          return;
        }
        offset = next;
      }
    }
  }

  /** Offset behind what was read; `offset` itself when bytes are missing; `stop` when reading is over. */
  #readHeader(chunk: Buffer, offset: number, sink: FrameSink): number {
    const available = chunk.length - offset;
    if (available < 2) return offset;
    const first = chunk.readUInt8(offset);
    const second = chunk.readUInt8(offset + 1);
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const isControl = opcode >= opcodes.close;
    if ((first & 0x70) !== 0) return this.#fail(sink, 1002, "reserved bits must be clear");
    if ((second & 0x80) === 0) return this.#fail(sink, 1002, "client frames must be masked");
    const marked = second & 0x7f;
    if (isControl && (!isFinal || marked > 125)) return this.#fail(sink, 1002, "invalid control frame");
    if (!isControl && (opcode > opcodes.binary || (opcode === opcodes.continuation) !== this.#fragments > 0)) {
      return this.#fail(sink, 1002, `unexpected opcode ${opcode}`);
    }
    if (opcode > opcodes.pong) return this.#fail(sink, 1002, `unexpected opcode ${opcode}`);
    const extended = marked === 126 ? 2 : marked === 127 ? 8 : 0;
    const payloadStart = offset + 2 + extended + 4;
    if (chunk.length < payloadStart) return offset;
    const length = this.#lengthAt(chunk, offset + 2, marked);
    if (!Number.isSafeInteger(length)) return this.#fail(sink, 1009, "frame too long");
    this.#mask0 = chunk.readUInt8(payloadStart - 4);
    this.#mask1 = chunk.readUInt8(payloadStart - 3);
    this.#mask2 = chunk.readUInt8(payloadStart - 2);
    this.#mask3 = chunk.readUInt8(payloadStart - 1);
    if (!isControl) {
      this.#fragments = isFinal ? 0 : this.#fragments + 1;
      if (this.#fragments > this.#maximumFragments) return this.#fail(sink, 1008, "too many fragments");
      this.#remaining = length;
      return payloadStart;
    }
    if (chunk.length < payloadStart + length) return offset;
    const payload = chunk.subarray(payloadStart, payloadStart + length);
    this.#unmask(payload);
    return this.#control(opcode, payload, sink) ? payloadStart + length : stop;
  }

  #control(opcode: number, payload: Buffer, sink: FrameSink): boolean {
    if (opcode === opcodes.ping) sink.onPing(payload);
    if (opcode !== opcodes.close) return true;
    if (payload.length === 1) {
      this.#fail(sink, 1002, "invalid close frame");
      return false;
    }
    this.#done = true;
    sink.onClose(payload.length === 0 ? null : payload.readUInt16BE(0));
    return false;
  }

  #lengthAt(chunk: Buffer, offset: number, marked: number): number {
    if (marked === 126) return chunk.readUInt16BE(offset);
    if (marked === 127) return chunk.readUInt32BE(offset) * 0x1_0000_0000 + chunk.readUInt32BE(offset + 4);
    return marked;
  }

  #fail(sink: FrameSink, code: number, message: string): typeof stop {
    this.#done = true;
    sink.onViolation(code, message);
    return stop;
  }

  #unmask(payload: Buffer): void {
    const mask = [this.#mask0, this.#mask1, this.#mask2, this.#mask3] as const;
    const [m0, m1, m2, m3] = mask;
    const whole = payload.length - (payload.length % 4);
    let index = 0;
    for (; index < whole; index += 4) {
      payload[index] = (payload[index] ?? 0) ^ m0;
      payload[index + 1] = (payload[index + 1] ?? 0) ^ m1;
      payload[index + 2] = (payload[index + 2] ?? 0) ^ m2;
      payload[index + 3] = (payload[index + 3] ?? 0) ^ m3;
    }
    for (; index < payload.length; index++) {
      payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
    }
    const turn = payload.length & 3;
    this.#mask0 = mask[turn] ?? 0;
    this.#mask1 = mask[(turn + 1) & 3] ?? 0;
    this.#mask2 = mask[(turn + 2) & 3] ?? 0;
    this.#mask3 = mask[(turn + 3) & 3] ?? 0;
  }
}
