/** A page of what was found with one more than the limit, which says that there is another page. */
export function pageOf<T>(found: readonly T[], limit: number, cursorOf: (last: T) => string) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && found.length > limit ? cursorOf(last) : null };
}
