/** A device in a zone. Times in ms since 1970 UTC; `leftAt` null while it is there. */
export type Visit = {
  readonly accountId: number;
  readonly deviceId: number;
  readonly zoneId: number;
  readonly enteredAt: number;
  readonly leftAt: number | null;
  readonly addedLate: boolean;
};

export const covers = (visit: Visit, atMs: number): boolean =>
  visit.enteredAt <= atMs && (visit.leftAt === null || visit.leftAt > atMs);

/** Both are visits of one device and zone. */
export const overlap = (a: Visit, b: Visit): boolean =>
  a.zoneId === b.zoneId &&
  (a.leftAt === null || a.leftAt > b.enteredAt) &&
  (b.leftAt === null || b.leftAt > a.enteredAt);
