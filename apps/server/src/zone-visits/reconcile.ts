import { overlap, type Visit } from "./visit.ts";

/** What comes so long after its moment was not seen live. */
export const lateMs = 5 * 60_000;

export type Reconciled = {
  /** Rows that are no visits after all, or begin at another moment now. */
  readonly gone: readonly Visit[];
  /** New rows, and rows with another end. */
  readonly put: readonly Visit[];
  /** What the account hears; a visit that never was ends where it begins. */
  readonly told: readonly Visit[];
};

/** What makes the rows `before` those of `after`; nothing where they say the same. */
export function reconcile(before: readonly Visit[], after: readonly Visit[], now: number): Reconciled {
  const put: Visit[] = [];
  for (const visit of after) {
    const known = before.filter((row) => overlap(row, visit));
    const same = known.find((row) => row.enteredAt === visit.enteredAt);
    if (same !== undefined && same.leftAt === visit.leftAt) continue;
    const moments = [
      ...(same === undefined ? [visit.enteredAt] : []),
      ...(visit.leftAt !== null && known.every((row) => row.leftAt !== visit.leftAt) ? [visit.leftAt] : []),
    ];
    const isLate = moments.some((moment) => now - moment > lateMs);
    put.push({ ...visit, addedLate: isLate || known.some((row) => row.addedLate) });
  }
  const gone = before.filter(
    (row) => !after.some((visit) => visit.zoneId === row.zoneId && visit.enteredAt === row.enteredAt),
  );
  const unsaid = gone.filter((row) => !put.some((visit) => overlap(visit, row)));
  const nevers = unsaid.map((row): Visit => ({ ...row, leftAt: row.enteredAt, addedLate: true }));
  return { gone, put, told: [...nevers, ...put] };
}
