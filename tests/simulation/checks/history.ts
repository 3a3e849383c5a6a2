import type { Entry, Fact } from "../log.ts";

export type Finding = { readonly promise: string; readonly at: number; readonly says: string };

/** A fact may stand under several words; asked for by one of them, it has that one. */
type Of<What extends Fact["what"]> = Entry extends infer One
  ? One extends { what: infer Word }
    ? What extends Word
      ? One
      : never
    : never
  : never;

/** A line of a client as it really was; `upAt` null when the client never saw it open. */
export type LineLife = { who: string; path: string; triedAt: number; upAt: number | null; deadAt: number };

/** The log, read for what the checks ask again and again. */
export type History = {
  readonly entries: readonly Entry[];
  readonly endAt: number;
  all<What extends Fact["what"]>(what: What): readonly Of<What>[];
  readonly lines: readonly LineLife[];
  /** When a process of the server died. */
  readonly deaths: readonly number[];
  /** When the process that served at this moment began; Infinity when none did. */
  processSince(at: number): number;
  /** The radio was on and the disk not full all the while. */
  radioWasOn(who: string, from: number, to: number): boolean;
  diskWasFull(from: number, to: number): boolean;
  /** device → phone that holds its token */
  readonly phoneOf: ReadonlyMap<number, string>;
  /** Devices that somebody tried to unbind, and when first. */
  readonly unbindAskedAt: ReadonlyMap<number, number>;
};

export function readHistory(entries: readonly Entry[], endAt: number): History {
  const byWhat = new Map<string, Entry[]>();
  for (const entry of entries) {
    const list = byWhat.get(entry.what);
    if (list === undefined) byWhat.set(entry.what, [entry]);
    else list.push(entry);
  }
  const all = <What extends Fact["what"]>(what: What) => (byWhat.get(what) ?? []) as unknown as readonly Of<What>[];

  const lines = new Map<number, LineLife>();
  for (const { line, who, path, state, at } of all("line")) {
    const life = lines.get(line);
    if (life === undefined) lines.set(line, { who, path, triedAt: at, upAt: null, deadAt: endAt });
    else if (state === "up") life.upAt = at;
    else life.deadAt = at;
  }

  const radios = new Map<string, { from: number; to: number }[]>();
  for (const { who, at, on } of all("radio")) {
    const silences = radios.get(who) ?? [];
    radios.set(who, silences);
    const last = silences.at(-1);
    if (!on) silences.push({ from: at, to: endAt });
    else if (last !== undefined) last.to = at;
  }
  const full: { from: number; to: number }[] = [];
  for (const { at, full: isFull } of all("disk")) {
    const last = full.at(-1);
    if (isFull) full.push({ from: at, to: endAt });
    else if (last !== undefined) last.to = at;
  }
  const overlaps = (list: readonly { from: number; to: number }[], from: number, to: number) =>
    list.some((one) => one.from <= to && one.to >= from);

  const processes = entries.filter((entry) => entry.what === "served" || entry.what === "died");
  const unbindAskedAt = new Map<number, number>();
  for (const { deviceId, at } of all("unbind-asked")) if (!unbindAskedAt.has(deviceId)) unbindAskedAt.set(deviceId, at);

  return {
    entries,
    endAt,
    all,
    lines: [...lines.values()],
    deaths: processes.flatMap((entry) => (entry.what === "died" ? [entry.at] : [])),
    processSince(at) {
      const last = processes.findLast((entry) => entry.at <= at);
      return last?.what === "served" ? last.at : Number.POSITIVE_INFINITY;
    },
    radioWasOn: (who, from, to) => !overlaps(radios.get(who) ?? [], from, to),
    diskWasFull: (from, to) => overlaps(full, from, to),
    phoneOf: new Map(all("bound").map(({ deviceId, who }) => [deviceId, who])),
    unbindAskedAt,
  };
}
