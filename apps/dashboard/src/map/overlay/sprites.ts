import type { MapColors } from "../style/colors.ts";
import type { IconName, MarkerLook } from "./marker.ts";

/** Pictures that are drawn once and copied from then on, in device pixels. */
export type Sprites = {
  readonly van: (look: MarkerLook, size: number) => ImageBitmap;
  readonly text: (text: string, ink: Ink) => TextSprite;
  /** How wide a text will be, in CSS pixels, without drawing it. */
  readonly textWidth: (text: string, ink: Ink) => number;
};

/** A name, its age behind it, and the name of the picked van. */
export type Ink = "name" | "age" | "picked-name" | "picked-age";

export type TextSprite = {
  readonly image: ImageBitmap;
  /** In CSS pixels, without the rim around the letters. */
  readonly width: number;
};

type Draw = (context: OffscreenCanvasRenderingContext2D) => void;

/** Room for the longest marker with its rim, at full size. */
const vanPixels = 28;
/** So many directions look like all of them. */
const directions = 72;
/** The rim that parts a letter from the road under it. */
export const textRim = 2.5;
export const textHeight = 18;
/** Names that were seen lately; more than fit on any screen. */
const textsKept = 3_000;

const font: Readonly<Record<Ink, string>> = {
  name: '500 12px "Inter Variable", sans-serif',
  age: '500 10.5px "Inter Variable", sans-serif',
  "picked-name": '500 13px "Inter Variable", sans-serif',
  "picked-age": '500 11.5px "Inter Variable", sans-serif',
};

/** For one colour scheme and one density of the screen. */
export function createSprites(colors: MapColors, ratio: number): Sprites {
  const vans = new Map<string, ImageBitmap>();
  const texts = new Map<string, TextSprite>();
  const widths = new Map<string, number>();
  const ruler = contextOf(new OffscreenCanvas(1, 1));

  const picture = (width: number, height: number, draw: Draw): ImageBitmap => {
    const canvas = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(height * ratio));
    const context = contextOf(canvas);
    context.scale(ratio, ratio);
    draw(context);
    return canvas.transferToImageBitmap();
  };

  const textWidth = (text: string, ink: Ink): number => {
    const key = `${ink} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    if (widths.size >= textsKept) widths.clear();
    ruler.font = font[ink];
    const { width } = ruler.measureText(text);
    widths.set(key, width);
    return width;
  };

  return {
    textWidth,
    van({ icon, headingDegrees }, size) {
      const direction = Math.round((headingDegrees / 360) * directions) % directions;
      const key = `${icon} ${direction} ${size}`;
      const known = vans.get(key);
      if (known !== undefined) return known;
      const image = picture(vanPixels * size, vanPixels * size, (context) => {
        context.translate((vanPixels * size) / 2, (vanPixels * size) / 2);
        context.scale(size, size);
        context.rotate((direction / directions) * 2 * Math.PI);
        drawVan[icon](context, colors);
      });
      vans.set(key, image);
      return image;
    },
    text(text, ink) {
      const key = `${ink} ${text}`;
      const known = texts.get(key);
      if (known !== undefined) return known;
      if (texts.size >= textsKept) {
        for (const { image } of texts.values()) image.close();
        texts.clear();
      }
      const width = textWidth(text, ink);
      const image = picture(width + 2 * textRim + 1, textHeight, (context) => {
        context.font = font[ink];
        context.textBaseline = "middle";
        context.lineJoin = "round";
        context.lineWidth = 2 * textRim;
        context.strokeStyle = colors.halo;
        context.strokeText(text, textRim, textHeight / 2 + 0.5);
        context.fillStyle = ink === "age" || ink === "picked-age" ? colors.labelFaint : colors.label;
        context.fillText(text, textRim, textHeight / 2 + 0.5);
      });
      const sprite = { image, width };
      texts.set(key, sprite);
      return sprite;
    },
  };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no 2d canvas");
  return context;
}

const drawVan: Readonly<Record<IconName, (context: OffscreenCanvasRenderingContext2D, colors: MapColors) => void>> = {
  live: (context, colors) => filled(context, chevron(), colors.status.live, colors.halo),
  still: (context, colors) => filled(context, disc(6), colors.status.still, colors.halo),
  seen: (context, colors) => outlined(context, disc(5.5), colors.status.still, colors.halo),
  stale: (context, colors) => outlined(context, disc(6.5), colors.status.stale, colors.halo),
  "stale-moving": (context, colors) => outlined(context, chevron(), colors.status.stale, colors.halo),
  dark(context, colors) {
    outlined(context, disc(7.5), colors.status.dark, colors.halo);
    context.stroke(cross(3));
  },
};

/** Two rims: the outer parts the marker from the road, the inner is its colour. */
function outlined(context: OffscreenCanvasRenderingContext2D, path: Path2D, color: string, halo: string): void {
  context.lineJoin = "round";
  context.lineCap = "round";
  context.strokeStyle = halo;
  context.lineWidth = 5;
  context.stroke(path);
  context.fillStyle = halo;
  context.fill(path);
  context.strokeStyle = color;
  context.lineWidth = 2.25;
  context.stroke(path);
}

function filled(context: OffscreenCanvasRenderingContext2D, path: Path2D, color: string, halo: string): void {
  context.lineJoin = "round";
  context.strokeStyle = halo;
  context.lineWidth = 4;
  context.stroke(path);
  context.fillStyle = color;
  context.fill(path);
}

function chevron(): Path2D {
  const path = new Path2D();
  path.moveTo(0, -10);
  path.lineTo(7.5, 8.5);
  path.lineTo(0, 4.5);
  path.lineTo(-7.5, 8.5);
  path.closePath();
  return path;
}

function disc(radius: number): Path2D {
  const path = new Path2D();
  path.arc(0, 0, radius, 0, 2 * Math.PI);
  return path;
}

function cross(arm: number): Path2D {
  const path = new Path2D();
  path.moveTo(-arm, -arm);
  path.lineTo(arm, arm);
  path.moveTo(arm, -arm);
  path.lineTo(-arm, arm);
  return path;
}
