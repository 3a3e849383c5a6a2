import type { Cluster } from "./clusters.ts";
import { clusterRadius } from "./clusters.ts";
import { nameHalfHeight } from "./labels.ts";
import type { VanMarker } from "./marker.ts";
import { nameStart, type Scene } from "./scene.ts";

export type Hit =
  | { readonly kind: "van"; readonly id: number }
  | { readonly kind: "cluster"; readonly cluster: Cluster };

/** Half of what one sees of a marker. */
const markerRadius = 9;

/** What lies at a pixel, or nearest to it within `reach`: a marker before a circle before a name, the picked one before all. */
export function hitTest(
  { byRank, clusters, picked }: Scene,
  at: { readonly x: number; readonly y: number },
  reach: number,
  nameWidth: (van: VanMarker) => number,
): Hit | null {
  let hit: Hit | null = null;
  let nearest = reach;
  const offer = (distance: number, found: () => Hit): void => {
    if (distance > nearest || (distance === nearest && hit !== null)) return;
    nearest = distance;
    hit = found();
  };
  const fromMarker = (van: VanMarker): number => outside(Math.hypot(at.x - van.left, at.y - van.top) - markerRadius);
  const van =
    ({ id }: VanMarker) =>
    (): Hit => ({ kind: "van", id });
  if (picked !== null) offer(fromMarker(picked), van(picked));
  for (let rank = byRank.length - 1; rank >= 0; rank -= 1)
    for (const one of byRank[rank] ?? []) if (Math.abs(at.y - one.top) <= 40) offer(fromMarker(one), van(one));
  for (const { cluster, left, top } of clusters)
    offer(outside(Math.hypot(at.x - left, at.y - top) - clusterRadius(cluster.members.length)), () => ({
      kind: "cluster",
      cluster,
    }));
  const fromName = (one: VanMarker): number => {
    const left = nameStart(one, one === picked);
    return Math.hypot(
      outside(Math.max(left - at.x, at.x - left - nameWidth(one))),
      outside(Math.abs(at.y - one.top) - nameHalfHeight),
    );
  };
  if (picked !== null) offer(fromName(picked), van(picked));
  for (const vans of byRank)
    for (const one of vans) if (one.isNamed && Math.abs(at.y - one.top) <= 40) offer(fromName(one), van(one));
  return hit;
}

const outside = (distance: number): number => Math.max(0, distance);
