import { writeTimestamp } from "./timestamp.ts";

/** Arrays and maps in one another; also what ends a value that contains itself. */
const maximumDepth = 64;
/** Characters up to which it is quicker to write a text one by one. */
const shortText = 40;
const firstBytes = 1024;

/** Writes MessagePack values, one behind the other. Of a value it takes what JSON would, and more types: bigint, bytes, times. */
export class ValueWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What it holds ready to write into. */
  get capacity(): number {
    return this.#bytes.length;
  }

  clear(): void {
    this.#length = 0;
  }

  copyTo(target: Buffer, start: number): void {
    this.#bytes.copy(target, start, 0, this.#length);
  }

  arrayHeader(length: number): void {
    this.#header(length, 0x90, 15, 0xdc);
  }

  nil(): void {
    this.#byte(0xc0);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  emptyMap(): void {
    this.#byte(0x80);
  }

  text(text: string): void {
    const { length } = text;
    if (length <= shortText && this.#shortText(text, length)) return;
    const byteLength = Buffer.byteLength(text);
    if (byteLength > 31 && byteLength < 0x100) {
      this.#byte(0xd9);
      this.#byte(byteLength);
    } else {
      this.#header(byteLength, 0xa0, 31, 0xda);
    }
    this.#ensure(byteLength);
    this.#bytes.write(text, this.#length);
    this.#length += byteLength;
  }

  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.#integer(value);
    this.#ensure(9);
    this.#bytes[this.#length] = 0xcb;
    this.#length = this.#bytes.writeDoubleBE(value, this.#length + 1);
  }

  /** `depth` counts the arrays and maps around it. Throws TypeError or RangeError for what MessagePack cannot say. */
  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return this.number(value);
      case "boolean":
        return this.boolean(value);
      case "bigint":
        return this.#bigint(value);
      case "object":
        return value === null ? this.nil() : this.#object(value, depth);
      default:
        return this.nil();
    }
  }

  #object(value: object, depth: number): void {
    if (value instanceof Date) return this.#date(value);
    if (ArrayBuffer.isView(value)) return this.#binary(value);
    if (depth >= maximumDepth) throw new TypeError(`Values nest deeper than ${maximumDepth}.`);
    if (Array.isArray(value)) {
      this.arrayHeader(value.length);
      for (const item of value) this.value(item, depth + 1);
      return;
    }
    if ("toJSON" in value && typeof value.toJSON === "function") return this.value(value.toJSON(), depth + 1);
    const members = value as Record<string, unknown>;
    const names = Object.keys(members);
    let count = 0;
    for (const name of names) if (hasValue(members[name])) count++;
    this.#header(count, 0x80, 15, 0xde);
    for (const name of names) {
      const member = members[name];
      if (!hasValue(member)) continue;
      this.text(name);
      this.value(member, depth + 1);
    }
  }

  #date(date: Date): void {
    if (Number.isNaN(date.getTime())) return this.nil();
    this.#ensure(15);
    this.#length = writeTimestamp(this.#bytes, this.#length, date);
  }

  #binary({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    if (byteLength < 0x100) {
      this.#byte(0xc4);
      this.#byte(byteLength);
    } else {
      this.#header(byteLength, 0, -1, 0xc5);
    }
    this.#ensure(byteLength);
    this.#bytes.set(new Uint8Array(buffer, byteOffset, byteLength), this.#length);
    this.#length += byteLength;
  }

  #bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return this.#integer(number);
    if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
      throw new RangeError("MessagePack has no integer of this size.");
    }
    this.#ensure(9);
    const isPositive = value > 0n;
    this.#bytes[this.#length] = isPositive ? 0xcf : 0xd3;
    const start = this.#length + 1;
    this.#length = isPositive ? this.#bytes.writeBigUInt64BE(value, start) : this.#bytes.writeBigInt64BE(value, start);
  }

  #integer(value: number): void {
    this.#ensure(9);
    const bytes = this.#bytes;
    const at = this.#length;
    if (value >= 0) {
      if (value < 0x80) this.#length = bytes.writeUInt8(value, at);
      else if (value < 0x100) this.#length = bytes.writeUInt8(value, this.#head(0xcc));
      else if (value < 0x10000) this.#length = bytes.writeUInt16BE(value, this.#head(0xcd));
      else if (value < 0x100000000) this.#length = bytes.writeUInt32BE(value, this.#head(0xce));
      else this.#length = bytes.writeBigUInt64BE(BigInt(value), this.#head(0xcf));
    } else if (value >= -0x20) this.#length = bytes.writeInt8(value, at);
    else if (value >= -0x80) this.#length = bytes.writeInt8(value, this.#head(0xd0));
    else if (value >= -0x8000) this.#length = bytes.writeInt16BE(value, this.#head(0xd1));
    else if (value >= -0x80000000) this.#length = bytes.writeInt32BE(value, this.#head(0xd2));
    else this.#length = bytes.writeBigInt64BE(BigInt(value), this.#head(0xd3));
  }

  /** Of an array, a map, or a text or binary: up to `most` in one byte, else after a head of two or four bytes' length. */
  #header(length: number, fixed: number, most: number, head16: number): void {
    this.#ensure(5);
    if (length <= most) this.#bytes[this.#length++] = fixed | length;
    else if (length < 0x10000) this.#length = this.#bytes.writeUInt16BE(length, this.#head(head16));
    else this.#length = this.#bytes.writeUInt32BE(length, this.#head(head16 + 1));
  }

  /** False, and nothing written, when the text is not all ASCII. */
  #shortText(text: string, length: number): boolean {
    this.#ensure(2 + length);
    const bytes = this.#bytes;
    let at = this.#length;
    if (length > 31) bytes[at++] = 0xd9;
    bytes[at++] = length > 31 ? length : 0xa0 | length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    this.#length = at;
    return true;
  }

  #byte(byte: number): void {
    this.#ensure(1);
    this.#bytes[this.#length++] = byte;
  }

  /** Room for it was made. Returns where the rest goes. */
  #head(byte: number): number {
    this.#bytes[this.#length] = byte;
    return this.#length + 1;
  }

  #ensure(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** As in JSON, members that are undefined or functions are left out. */
function hasValue(member: unknown): boolean {
  return member !== undefined && typeof member !== "function" && typeof member !== "symbol";
}
