import { type Cluster, clusterMaxZoom, clusterRadius, foldVans } from "./clusters.ts";
import { createRoom, markerReach, nameOffset, placeNames } from "./labels.ts";
import type { VanMarker } from "./marker.ts";
import { type Camera, screenX, screenY } from "./projection.ts";

/** A circle and its pixel. */
export type PlacedCluster = { readonly cluster: Cluster; readonly left: number; readonly top: number };

/** What is on the screen, worked out for one picture. Lists are used again for the next. */
export type Scene = {
  /** The vans in sight that stand for themselves, calm ones first: who is in trouble lies on top. Without the picked one. */
  readonly byRank: readonly (readonly VanMarker[])[];
  readonly clusters: readonly PlacedCluster[];
  readonly picked: VanMarker | null;
};

export type SceneMaker = {
  readonly scene: Scene;
  /** Works the scene out again. `isAfresh`: names and circles too, which otherwise keep for some time. */
  readonly arrange: (view: View, at: number, isAfresh: boolean) => void;
};

export type View = {
  readonly camera: Camera;
  readonly markers: ReadonlyMap<number, VanMarker>;
  readonly pickedId: number | null;
};

export type SceneOptions = {
  /** How wide the name of a van is with its age; called for those alone that may have room. */
  readonly nameWidth: (van: VanMarker) => number;
};

/** Vans drive by a pixel in this time: names are placed anew no sooner. */
const namesKeepMs = 200;
/** So far out nobody sees a van move by metres. */
const clustersKeepMs = 400;
/** A marker is drawn until the last of it has left the screen. */
const marginPixels = 24;
/** What the halo of the picked one covers. */
const haloReach = 21;

export function createSceneMaker({ nameWidth }: SceneOptions): SceneMaker {
  const byRank: [VanMarker[], VanMarker[], VanMarker[], VanMarker[]] = [[], [], [], []];
  const placed: PlacedCluster[] = [];
  const scene: { byRank: typeof byRank; clusters: PlacedCluster[]; picked: VanMarker | null } = {
    byRank,
    clusters: placed,
    picked: null,
  };
  const room = createRoom();
  let clusters: readonly Cluster[] = [];
  let foldedAt = Number.NEGATIVE_INFINITY;
  let foldedLevel: number | null = null;
  let namedAt = Number.NEGATIVE_INFINITY;
  let namedZoom = Number.NaN;

  const fold = ({ camera, markers, pickedId }: View, at: number, isAfresh: boolean): void => {
    const level = Math.max(0, Math.floor(camera.zoom));
    if (level > clusterMaxZoom(markers.size)) {
      if (foldedLevel === null) return;
      foldedLevel = null;
      clusters = [];
      for (const van of markers.values()) van.isFolded = false;
    } else if (isAfresh || level !== foldedLevel || at - foldedAt >= clustersKeepMs) {
      foldedLevel = level;
      foldedAt = at;
      // The picked one always stands for itself.
      clusters = foldVans(without(markers, pickedId), level);
    }
  };

  const nameThem = (camera: Camera): void => {
    room.clear(camera.width, camera.height);
    const { picked } = scene;
    if (picked !== null) {
      const { left, top } = picked;
      room.take(
        left - haloReach,
        top - haloReach,
        left + pickedNameOffset + nameWidth(picked) * pickedScale,
        top + haloReach,
      );
    }
    for (const { cluster, left, top } of placed) {
      const radius = clusterRadius(cluster.members.length) + 3;
      room.take(left - radius, top - radius, left + radius, top + radius);
    }
    for (const vans of byRank)
      for (const van of vans) {
        const reach = markerReach(van);
        room.take(van.left - reach, van.top - reach, van.left + reach, van.top + reach);
      }
    placeNames(room, byRank, nameWidth);
  };

  return {
    scene,
    arrange(view, at, isAfresh) {
      const { camera, markers, pickedId } = view;
      fold(view, at, isAfresh);
      for (const vans of byRank) vans.length = 0;
      const [right, bottom] = [camera.width + marginPixels, camera.height + marginPixels];
      for (const van of markers.values()) {
        if (van.isFolded || van.id === pickedId) continue;
        van.left = screenX(camera, van.x);
        van.top = screenY(camera, van.y);
        if (van.left > -marginPixels && van.left < right && van.top > -marginPixels && van.top < bottom)
          byRank[van.look.rank]?.push(van);
        else van.isNamed = false;
      }
      placed.length = 0;
      for (const cluster of clusters) {
        const [left, top] = [screenX(camera, cluster.x), screenY(camera, cluster.y)];
        if (left > -marginPixels && left < right && top > -marginPixels && top < bottom)
          placed.push({ cluster, left, top });
      }
      const picked = (pickedId === null ? undefined : markers.get(pickedId)) ?? null;
      scene.picked = picked;
      if (picked !== null) {
        picked.left = screenX(camera, picked.x);
        picked.top = screenY(camera, picked.y);
        picked.isNamed = true;
      }
      if (!isAfresh && at - namedAt < namesKeepMs && camera.zoom === namedZoom) return;
      namedAt = at;
      namedZoom = camera.zoom;
      nameThem(camera);
    },
  };
}

/** The picked one is drawn a little larger, and its name stands beside the halo. */
const pickedScale = 13 / 12;
const pickedNameOffset = 25;

/** From a van's place to its name, whether picked or not. */
export const nameStart = (van: VanMarker, isPicked: boolean): number =>
  van.left + (isPicked ? pickedNameOffset : nameOffset(van));

function* without(markers: ReadonlyMap<number, VanMarker>, id: number | null): Generator<VanMarker> {
  for (const van of markers.values()) {
    if (van.id === id) van.isFolded = false;
    else yield van;
  }
}
