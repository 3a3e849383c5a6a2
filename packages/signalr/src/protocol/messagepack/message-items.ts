import { InvalidDataError } from "../invalid-data-error.ts";
import type { ValueReader } from "./value-reader.ts";

/** The message itself is one array around whatever it holds. */
const itemDepth = 1;

/** The items of a message's array, read in order; what is wrong with one is said as the reference server says it. */
export class MessageItems {
  readonly #reader: ValueReader;
  #left: number;

  constructor(reader: ValueReader) {
    this.#reader = reader;
    const length = reader.arrayLength();
    if (length === null) throw new InvalidDataError("Reading array length for 'message' failed.");
    this.#left = length;
  }

  get left(): number {
    return this.#left;
  }

  value(name: string): unknown {
    if (this.#left === 0) throw new InvalidDataError(`Reading '${name}' failed.`);
    this.#left--;
    return this.#reader.value(itemDepth);
  }

  integer(name: string, type: "Int32" | "Int64"): number {
    const value = this.#left === 0 ? null : this.value(name);
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    throw new InvalidDataError(`Reading '${name}' as ${type} failed.`);
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    if (typeof value === "boolean") return value;
    throw new InvalidDataError(`Reading '${name}' as Boolean failed.`);
  }

  optionalString(name: string): string | null {
    const value = this.#left === 0 ? undefined : this.value(name);
    if (typeof value === "string" || value === null) return value;
    throw new InvalidDataError(`Reading '${name}' as String failed.`);
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === null) throw new InvalidDataError(`Reading '${name}' as String failed.`);
    return value;
  }

  array(name: string): readonly unknown[] {
    const value = this.#left === 0 ? null : this.value(name);
    if (Array.isArray(value)) return value;
    throw new InvalidDataError(`Reading array length for '${name}' failed.`);
  }

  strings(name: string): readonly string[] {
    const values = this.array(name);
    if (values.every((value) => typeof value === "string")) return values;
    throw new InvalidDataError(`Reading '${name}' as String failed.`);
  }

  /** They mean nothing here, but must be what they say. */
  headers(): void {
    const headers = this.#left === 0 ? undefined : this.value("headers");
    if (headers === null) return;
    if (!isMap(headers)) throw new InvalidDataError("Reading map length for 'headers' failed.");
    for (const [index, value] of Object.values(headers).entries()) {
      if (typeof value !== "string") throw new InvalidDataError(`Reading 'headers[${index}].Value' as String failed.`);
    }
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array);
}
