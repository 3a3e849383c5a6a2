import type { MapColors } from "../style/colors.ts";
import { clusterMaxZoom, clusterRadius } from "./clusters.ts";
import { type Hit, hitTest } from "./hit-test.ts";
import type { VanMarker } from "./marker.ts";
import { type Camera, isSameCamera, screenX, screenY } from "./projection.ts";
import { createSceneMaker, nameStart, type PlacedCluster } from "./scene.ts";
import { createSprites, type Ink, type Sprites, textHeight, textRim } from "./sprites.ts";

/** The vans on a canvas of their own over the base map: a van that moves costs what vans cost, however many roads lie under it. */
export type VanCanvas = Disposable & {
  /** The base map was drawn so; false when it already was. */
  readonly setCamera: (camera: Camera) => boolean;
  /** Draws all letters anew too, in the fonts that are there by then. */
  readonly setColors: (colors: MapColors) => void;
  readonly setPicked: (id: number | null) => void;
  /** `at` in milliseconds of animation frames. `isAfresh`: names and circles are worked out again too. */
  readonly paint: (at: number, isAfresh?: boolean) => void;
  /** What lies at a pixel of the map, or within `reach` pixels of it. */
  readonly hit: (at: { readonly x: number; readonly y: number }, reach: number) => Hit | null;
  /** Whether a way between two places of the Mercator world would be seen. */
  readonly isSeen: (fromX: number, fromY: number, toX: number, toY: number) => boolean;
  /** Whether a marker would be drawn at another pixel than it was. */
  readonly isElsewhere: (van: VanMarker) => boolean;
};

export type VanCanvasOptions = {
  /** What the base map's own canvas lies in. */
  readonly holder: HTMLElement;
  readonly className: string;
  readonly colors: MapColors;
  readonly markers: ReadonlyMap<number, VanMarker>;
  /** How old a position is that was taken then, as it stands beside a name. */
  readonly ageText: (fixAt: number) => string;
};

/** A shorter way than this is not worth acting out. */
const visiblePixels = 1.5;
/** Vans just outside go on moving: they may come into sight. */
const besidePixels = 60;
const ageGap = 6;
const haloRadius = 19;
const platePixels = 3;
const plateOpacity = 0.75;

export function createVanCanvas(options: VanCanvasOptions): VanCanvas {
  const { markers } = options;
  const canvas = document.createElement("canvas");
  canvas.className = options.className;
  canvas.ariaHidden = "true";
  options.holder.append(canvas);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no 2d canvas");

  let camera: Camera | null = null;
  let colors = options.colors;
  let pickedId: number | null = null;
  let ratio = devicePixelRatio;
  let sprites: Sprites = createSprites(colors, ratio);

  const nameWidth = (van: VanMarker): number => {
    van.age = options.ageText(van.look.fixAt);
    return sprites.textWidth(van.look.name, "name") + ageGap + sprites.textWidth(van.age, "age");
  };
  const { scene, arrange } = createSceneMaker({ nameWidth });

  /** A canvas that is set to a size is emptied: only when it has another. */
  const fit = ({ width, height }: Camera): boolean => {
    const isDenser = ratio !== devicePixelRatio;
    if (isDenser) {
      ratio = devicePixelRatio;
      sprites = createSprites(colors, ratio);
    }
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width === across && canvas.height === down) return isDenser;
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    return true;
  };

  /** Copies a picture so that its middle lies there; on whole device pixels, where copying is quickest and sharpest. */
  const stamp = (image: ImageBitmap, left: number, top: number): void =>
    context.drawImage(image, Math.round(left * ratio - image.width / 2), Math.round(top * ratio - image.height / 2));

  const write = (text: string, ink: Ink, left: number, top: number): number => {
    const { image, width } = sprites.text(text, ink);
    context.drawImage(image, Math.round((left - textRim) * ratio), Math.round((top - textHeight / 2) * ratio));
    return left + width + ageGap;
  };

  /** Parts a name from the names of the base map, which make no room for it. */
  const layPlate = (van: VanMarker): void => {
    const left = nameStart(van, false) - platePixels;
    const width =
      sprites.textWidth(van.look.name, "name") + ageGap + sprites.textWidth(van.age, "age") + 2 * platePixels;
    context.beginPath();
    context.roundRect(left * ratio, (van.top - 8) * ratio, width * ratio, 16 * ratio, platePixels * ratio);
    context.fill();
  };

  const drawCluster = ({ cluster, left, top }: PlacedCluster): void => {
    const count = cluster.members.length;
    const { live, still, stale, dark } = colors.status;
    context.beginPath();
    context.arc(left * ratio, top * ratio, (clusterRadius(count) + 1.5) * ratio, 0, 2 * Math.PI);
    context.fillStyle = colors.surface;
    context.fill();
    context.lineWidth = 3 * ratio;
    context.strokeStyle =
      [cluster.hasMoving ? live : still, cluster.hasMoving ? live : still, stale, dark][cluster.worst] ?? still;
    context.stroke();
    context.fillStyle = colors.label;
    context.font = `500 ${12.5 * ratio}px "Inter Variable", sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(count), left * ratio, (top + 0.5) * ratio);
  };

  const drawVan = (van: VanMarker, size: number): void => {
    const { look } = van;
    if (look.opacity === 1) return stamp(sprites.van(look, size), van.left, van.top);
    context.globalAlpha = look.opacity;
    stamp(sprites.van(look, size), van.left, van.top);
    context.globalAlpha = 1;
  };

  const drawPicked = (van: VanMarker): void => {
    context.beginPath();
    context.arc(van.left * ratio, van.top * ratio, haloRadius * ratio, 0, 2 * Math.PI);
    context.globalAlpha = 0.22;
    context.fillStyle = colors.accent;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2 * ratio;
    context.strokeStyle = colors.accent;
    context.stroke();
    drawVan(van, 1.1);
    const left = write(van.look.name, "picked-name", nameStart(van, true), van.top);
    write(van.age, "picked-age", left, van.top + 0.5);
  };

  return {
    setCamera(next) {
      if (camera !== null && isSameCamera(camera, next)) return false;
      camera = next;
      return true;
    },
    setColors(next) {
      colors = next;
      sprites = createSprites(colors, ratio);
    },
    setPicked(id) {
      pickedId = id;
    },
    paint(at, isAfresh = false) {
      if (camera === null) return;
      const isNew = fit(camera);
      arrange({ camera, markers, pickedId }, at, isAfresh || isNew);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = colors.halo;
      context.globalAlpha = plateOpacity;
      for (const vans of scene.byRank) for (const van of vans) if (van.isNamed) layPlate(van);
      context.globalAlpha = 1;
      for (const vans of scene.byRank)
        for (const van of vans)
          if (van.isNamed) {
            const left = write(van.look.name, "name", nameStart(van, false), van.top);
            write(van.age, "age", left, van.top + 0.5);
          }
      for (const cluster of scene.clusters) drawCluster(cluster);
      const size = vanSize(camera.zoom);
      for (const vans of scene.byRank) for (const van of vans) drawVan(van, size);
      if (scene.picked !== null) drawPicked(scene.picked);
    },
    hit: (at, reach) => hitTest(scene, at, reach, nameWidth),
    isElsewhere(van) {
      if (camera === null || van.isFolded) return false;
      const left = screenX(camera, van.x) - van.left;
      const top = screenY(camera, van.y) - van.top;
      return Math.max(Math.abs(left), Math.abs(top)) * ratio >= 0.5;
    },
    isSeen(fromX, fromY, toX, toY) {
      if (camera === null || camera.zoom < clusterMaxZoom(markers.size) + 1) return false;
      const { scale, width, height } = camera;
      if (Math.hypot(toX - fromX, toY - fromY) * scale <= visiblePixels) return false;
      const left = camera.left + (toX - camera.x) * scale;
      const top = camera.top + (toY - camera.y) * scale;
      return left > -besidePixels && top > -besidePixels && left < width + besidePixels && top < height + besidePixels;
    },
    [Symbol.dispose]() {
      canvas.remove();
    },
  };
}

/** Markers are smaller where more of them lie together. In few steps: each is drawn anew. */
function vanSize(zoom: number): number {
  if (zoom >= 13) return 1;
  return zoom >= 11 ? 0.875 : 0.75;
}
