import { type ZoneEntry, zoneLimits } from "@dsp-fleet/contract";
import { ProblemError } from "../http/problem.ts";
import { checkGeometry, type GeometryFault } from "./check-geometry.ts";
import type { ZoneDrawing, ZonesFull } from "./zone-repository.ts";

export type Drawn =
  | { readonly ok: true; readonly drawing: ZoneDrawing }
  | { readonly ok: false; readonly faults: readonly GeometryFault[] };

/** What was entered, with its shape looked at. */
export function draw(entry: ZoneEntry): Drawn {
  const radiusMeters = entry.radiusMeters ?? null;
  const checked = checkGeometry(entry.geometry, radiusMeters);
  if (!checked.ok) return checked;
  const { name, color, kind } = entry;
  const speedLimitKmh = entry.speedLimitKmh ?? null;
  return { ok: true, drawing: { name, color, kind, geometry: checked.geometry, radiusMeters, speedLimitKmh } };
}

/** The drawing, or a 422 that says what is wrong with the shape and where. */
export function requireDrawing(entry: ZoneEntry): ZoneDrawing {
  const drawn = draw(entry);
  if (drawn.ok) return drawn.drawing;
  const faults = drawn.faults.map(({ path, words }) => ({ path: `geometry.${path}`, words }));
  throw new ProblemError("invalid-geometry", sentences(faults), { errors: byPath(faults) });
}

export const sentences = (faults: readonly GeometryFault[]): string =>
  `${faults.map(({ path, words }) => `${path} ${words}`).join("; ")}.`;

export function byPath(faults: readonly GeometryFault[]): Record<string, string[]> {
  const groups = Map.groupBy(faults, ({ path }) => path);
  return Object.fromEntries([...groups].map(([path, group]) => [path, group.map(({ words }) => words)]));
}

export const tooManyZones = ({ of }: ZonesFull): ProblemError =>
  new ProblemError(
    "limit-reached",
    of === "zones"
      ? `An account can have at most ${zoneLimits.zonesPerAccount} zones. Delete some that nobody needs.`
      : `The zones of an account can have at most ${zoneLimits.verticesPerAccount} corners together. Draw some with fewer.`,
  );
