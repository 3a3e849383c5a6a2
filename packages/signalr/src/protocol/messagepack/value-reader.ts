import { InvalidDataError } from "../invalid-data-error.ts";
import { readTimestamp, timestampType } from "./timestamp.ts";

/** Arrays and maps in one another: as many as the JSON hub protocol allows. */
const maximumDepth = 64;
/** Arrays, maps, binaries and times of one message: what costs much memory for the byte or two that it takes to ask for it. */
const maximumObjects = 4096;
/** Characters up to which it is quicker to build a text one by one. */
const shortText = 24;

/**
 * Reads MessagePack values of one message, and never beyond it: throws InvalidDataError and nothing else.
 * A declared length allocates nothing; what is built is bounded by the bytes that are there.
 */
export class ValueReader {
  readonly #bytes: Buffer;
  #at = 0;
  #objects = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** How many items the array has that comes next; null when no array comes. */
  arrayLength(): number | null {
    const head = this.#byte();
    if (head >= 0x90 && head < 0xa0) return this.#count(head & 0x0f, 1);
    if (head === 0xdc) return this.#count(this.#uint16(), 1);
    if (head === 0xdd) return this.#count(this.#uint32(), 1);
    return null;
  }

  /** The next value. `depth` counts the arrays and maps around it. */
  value(depth: number): unknown {
    const head = this.#byte();
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#binary(this.#byte());
      case 0xc5:
        return this.#binary(this.#uint16());
      case 0xc6:
        return this.#binary(this.#uint32());
      case 0xc7:
        return this.#extension(this.#byte());
      case 0xc8:
        return this.#extension(this.#uint16());
      case 0xc9:
        return this.#extension(this.#uint32());
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xcc:
        return this.#byte();
      case 0xcd:
        return this.#uint16();
      case 0xce:
        return this.#uint32();
      case 0xcf:
        return numberIfSafe(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
        return this.#bytes.readInt8(this.#skip(1));
      case 0xd1:
        return this.#bytes.readInt16BE(this.#skip(2));
      case 0xd2:
        return this.#bytes.readInt32BE(this.#skip(4));
      case 0xd3:
        return numberIfSafe(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (head - 0xd4));
      case 0xd9:
        return this.#text(this.#byte());
      case 0xda:
        return this.#text(this.#uint16());
      case 0xdb:
        return this.#text(this.#uint32());
      case 0xdc:
        return this.#array(this.#uint16(), depth);
      case 0xdd:
        return this.#array(this.#uint32(), depth);
      case 0xde:
        return this.#map(this.#uint16(), depth);
      case 0xdf:
        return this.#map(this.#uint32(), depth);
      default:
        throw new InvalidDataError(`MessagePack has no type 0x${head.toString(16)}.`);
    }
  }

  #array(declared: number, depth: number): unknown[] {
    this.#enter(depth);
    const count = this.#count(declared, 1);
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
    return items;
  }

  #map(declared: number, depth: number): Record<string, unknown> {
    this.#enter(depth);
    const count = this.#count(declared, 2);
    const members: Record<string, unknown> = {};
    for (let index = 0; index < count; index++) {
      const key = this.#key();
      const value = this.value(depth + 1);
      if (key === "__proto__") Object.defineProperty(members, key, { value, ...ownMember });
      else members[key] = value;
    }
    return members;
  }

  /** A member's name; .NET also has maps with numbers for names, which its JSON writes as text. */
  #key(): string {
    const key = this.value(maximumDepth);
    if (typeof key === "string") return key;
    if (Number.isSafeInteger(key)) return String(key);
    throw new InvalidDataError("Names of a map are text.");
  }

  #text(length: number): string {
    const start = this.#skip(length);
    const end = start + length;
    if (length > shortText) return this.#bytes.toString("utf8", start, end);
    let text = "";
    for (let at = start; at < end; at++) {
      const code = this.#bytes[at] ?? 0;
      if (code > 0x7f) return this.#bytes.toString("utf8", start, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** A copy: what hub code keeps must not keep the received bytes alive. */
  #binary(length: number): Uint8Array {
    this.#countObject();
    const start = this.#skip(length);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  #extension(length: number): Date {
    this.#countObject();
    const type = this.#bytes.readInt8(this.#skip(1));
    const start = this.#skip(length);
    if (type !== timestampType) throw new InvalidDataError(`The extension type ${type} is not supported.`);
    return readTimestamp(this.#bytes, start, length);
  }

  #enter(depth: number): void {
    if (depth >= maximumDepth) throw new InvalidDataError(`The maximum depth of ${maximumDepth} was exceeded.`);
    this.#countObject();
  }

  #countObject(): void {
    if (++this.#objects > maximumObjects) {
      throw new InvalidDataError(`More than ${maximumObjects} arrays, maps, binaries and times in one message.`);
    }
  }

  /** Each item takes a byte at least. */
  #count(declared: number, bytesEach: 1 | 2): number {
    if (declared * bytesEach > this.#bytes.length - this.#at) throw tooShort();
    return declared;
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)] ?? 0;
  }

  #uint16(): number {
    return this.#bytes.readUInt16BE(this.#skip(2));
  }

  #uint32(): number {
    return this.#bytes.readUInt32BE(this.#skip(4));
  }

  /** Where bytes start that are there for sure. */
  #skip(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw tooShort();
    this.#at = start + length;
    return start;
  }
}

const ownMember = { configurable: true, enumerable: true, writable: true } as const;

function tooShort(): InvalidDataError {
  return new InvalidDataError("The message ends before it is whole.");
}

/** A bigint where a number would be another one. */
function numberIfSafe(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
