export type SqlValue = string | number | bigint | null | Uint8Array;

/** A query parameter as both databases take it; a TypeError for what only one of them would. */
export function sqlValue(value: unknown): SqlValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return value;
  if (value instanceof Uint8Array) return value;
  const what = value === undefined ? "undefined" : typeof value === "object" ? value.constructor.name : typeof value;
  throw new TypeError(
    `a query parameter is ${what}; only text, numbers, bytes and null are kept (truth values as 0 or 1, times as ms)`,
  );
}
