import { type Batch, headroomBytes } from "../../protocol/batch.ts";
import type { TransferFormat } from "../../protocol/hub-protocol.ts";

/** RFC 6455 section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const final = 0x80;

export function opcodeOf(format: TransferFormat): number {
  return format === "Text" ? opcodes.text : opcodes.binary;
}

/** The batch as one unmasked frame, built once and shared by all receivers. */
export function frameOf(batch: Batch): Buffer {
  if (batch.webSocketFrame !== null) return batch.webSocketFrame;
  const bytes = batch.toBytes();
  const opcode = opcodeOf(batch.protocol.transferFormat);
  const start = headroomBytes - headerLength(batch.byteLength);
  writeHeader(bytes, start, opcode, batch.byteLength);
  batch.webSocketFrame = bytes.subarray(start);
  return batch.webSocketFrame;
}

/** One unmasked frame with a copy of the payload. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const header = headerLength(payload.length);
  const bytes = Buffer.allocUnsafe(header + payload.length);
  writeHeader(bytes, 0, opcode, payload.length);
  bytes.set(payload, header);
  return bytes;
}

export function closeFrame(code: number): Buffer {
  return frame(opcodes.close, Uint8Array.of(code >> 8, code & 0xff));
}

function headerLength(payloadLength: number): number {
  if (payloadLength < 126) return 2;
  return payloadLength < 0x10000 ? 4 : 10;
}

function writeHeader(bytes: Buffer, start: number, opcode: number, payloadLength: number): void {
  bytes[start] = final | opcode;
  switch (headerLength(payloadLength)) {
    case 2:
      bytes[start + 1] = payloadLength;
      return;
    case 4:
      bytes[start + 1] = 126;
      bytes.writeUInt16BE(payloadLength, start + 2);
      return;
    default:
      bytes[start + 1] = 127;
      bytes.writeUIntBE(0, start + 2, 2);
      bytes.writeUIntBE(payloadLength, start + 4, 6);
  }
}
