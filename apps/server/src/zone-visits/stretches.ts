export type Stretch = { readonly fromMs: number; readonly toMs: number };

/** Stretches nearer than this are looked at as one. */
const nearMs = 10 * 60_000;

/** Adds a stretch to others, which stay in order and apart. */
export function addStretch(stretches: readonly Stretch[], added: Stretch): Stretch[] {
  let { fromMs, toMs } = added;
  const apart: Stretch[] = [];
  for (const other of stretches) {
    if (other.toMs + nearMs < fromMs || other.fromMs - nearMs > toMs) apart.push(other);
    else {
      fromMs = Math.min(fromMs, other.fromMs);
      toMs = Math.max(toMs, other.toMs);
    }
  }
  return [...apart, { fromMs, toMs }].sort((a, b) => a.fromMs - b.fromMs);
}
