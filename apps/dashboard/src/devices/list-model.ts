import type { LiveDevice } from "../live/live-device.ts";
import { type KnownStatus, type Need, needOf, statusOf } from "../live/status.ts";

export type Filter = KnownStatus | "all";

export type ListItem =
  | { readonly kind: "needs-title"; readonly count: number }
  | { readonly kind: "need"; readonly id: number; readonly need: Need }
  /** `offMap`: so many of them have told no position yet, so the map cannot show them. */
  | { readonly kind: "all-title"; readonly count: number; readonly offMap: number }
  | { readonly kind: "van"; readonly id: number };

export type ListModel = {
  readonly items: readonly ListItem[];
  /** How many devices stand so, before search and filter. `seen`: of so many it is not known yet whether they move. */
  readonly counts: Readonly<Record<Filter | "seen", number>>;
};

export type ListQuery = { readonly search: string; readonly filter: Filter };

const severity: Readonly<Record<Need["kind"], number>> = {
  dark: 0,
  "never-seen": 1,
  stale: 2,
  "no-position": 3,
  "low-battery": 4,
};

/** `Van 9` before `Van 10`. */
export function compareNames(locale: string): (a: LiveDevice, b: LiveDevice) => number {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  return (a, b) => compare(a.name, b.name) || a.id - b.id;
}

/** Every word of the search is in the name or the identifier. */
export function matches(device: LiveDevice, search: string): boolean {
  const haystack = fold(`${device.name} ${device.identifier ?? ""}`);
  return fold(search)
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

const fold = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/**
 * What the list shows: those that need somebody, worst and latest first, then all by name. `sorted` is by name.
 * `heardUntil` is when the line was last live: what nobody could hear since is not the vans' fault.
 */
export function listModel(
  sorted: readonly LiveDevice[],
  { search, filter }: ListQuery,
  now: number,
  heardUntil: number,
): ListModel {
  const counts: Record<Filter | "seen", number> = { all: sorted.length, live: 0, seen: 0, still: 0, stale: 0, dark: 0 };
  const needs: { id: number; need: Need }[] = [];
  const vans: ListItem[] = [];
  let offMap = 0;
  for (const device of sorted) {
    const status = statusOf(device, now);
    counts[status] += 1;
    if ((filter !== "all" && filter !== status) || !matches(device, search)) continue;
    const need = needOf(device, heardUntil);
    if (need !== null) needs.push({ id: device.id, need });
    if (device.fix === null) offMap += 1;
    vans.push({ kind: "van", id: device.id });
  }
  needs.sort((a, b) => severity[a.need.kind] - severity[b.need.kind] || since(b.need) - since(a.need));
  const items: ListItem[] = [];
  if (needs.length > 0) items.push({ kind: "needs-title", count: needs.length });
  for (const need of needs) items.push({ kind: "need", ...need });
  items.push({ kind: "all-title", count: vans.length, offMap }, ...vans);
  return { items, counts };
}

const since = (need: Need): number => (need.kind === "low-battery" ? -need.percent : need.since);
