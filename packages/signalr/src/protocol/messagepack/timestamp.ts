import { InvalidDataError } from "../invalid-data-error.ts";

/** The extension type of times. */
export const timestampType = -1;

const latestDateMs = 8.64e15;
const nanosecondsPerMs = 1_000_000;

/** The time in an extension of 4, 8 or 12 bytes, to the millisecond. */
export function readTimestamp(bytes: Buffer, start: number, length: number): Date {
  switch (length) {
    case 4:
      return dateOf(bytes.readUInt32BE(start), 0);
    case 8: {
      const high = bytes.readUInt32BE(start);
      return dateOf((high & 3) * 2 ** 32 + bytes.readUInt32BE(start + 4), high >>> 2);
    }
    case 12:
      return dateOf(Number(bytes.readBigInt64BE(start + 4)), bytes.readUInt32BE(start));
    default:
      throw new InvalidDataError(`A timestamp has 4, 8 or 12 bytes, not ${length}.`);
  }
}

function dateOf(seconds: number, nanoseconds: number): Date {
  const ms = seconds * 1000 + Math.floor(nanoseconds / nanosecondsPerMs);
  if (nanoseconds > 999_999_999 || Math.abs(ms) > latestDateMs) {
    throw new InvalidDataError("A timestamp is out of range.");
  }
  return new Date(ms);
}

/** Writes the whole extension, of at most 15 bytes, in its shortest form; returns where it ends. */
export function writeTimestamp(bytes: Buffer, start: number, date: Date): number {
  const ms = date.getTime();
  const seconds = Math.floor(ms / 1000);
  const nanoseconds = (ms - seconds * 1000) * nanosecondsPerMs;
  if (seconds >= 0 && seconds < 2 ** 34) {
    if (nanoseconds === 0 && seconds < 2 ** 32) {
      bytes[start] = 0xd6;
      bytes[start + 1] = 0xff;
      return bytes.writeUInt32BE(seconds, start + 2);
    }
    bytes[start] = 0xd7;
    bytes[start + 1] = 0xff;
    bytes.writeUInt32BE(nanoseconds * 4 + Math.floor(seconds / 2 ** 32), start + 2);
    return bytes.writeUInt32BE(seconds % 2 ** 32, start + 6);
  }
  bytes[start] = 0xc7;
  bytes[start + 1] = 12;
  bytes[start + 2] = 0xff;
  bytes.writeUInt32BE(nanoseconds, start + 3);
  return bytes.writeBigInt64BE(BigInt(seconds), start + 7);
}
