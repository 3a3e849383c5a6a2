import type { IconName } from "./marker.ts";
import type { MapColors } from "./style/colors.ts";

type Draw = (context: CanvasRenderingContext2D) => void;

const sizePixels = 24;
const scale = 2;

/** The markers, drawn once for each colour scheme. */
export function drawIcons(colors: MapColors): Readonly<Record<IconName, ImageData>> {
  const outline = (context: CanvasRenderingContext2D, path: Path2D, color: string): void => {
    context.lineJoin = "round";
    context.lineCap = "round";
    // Two rims: the outer parts the marker from the road, the inner is its colour.
    context.strokeStyle = colors.halo;
    context.lineWidth = 5;
    context.stroke(path);
    context.fillStyle = colors.halo;
    context.fill(path);
    context.strokeStyle = color;
    context.lineWidth = 2.25;
    context.stroke(path);
  };
  const filled = (context: CanvasRenderingContext2D, path: Path2D, color: string): void => {
    context.lineJoin = "round";
    context.strokeStyle = colors.halo;
    context.lineWidth = 4;
    context.stroke(path);
    context.fillStyle = color;
    context.fill(path);
  };
  const { live, still, stale, dark } = colors.status;
  return {
    live: draw((context) => filled(context, chevron(), live)),
    still: draw((context) => filled(context, disc(6), still)),
    stale: draw((context) => outline(context, disc(6.5), stale)),
    "stale-moving": draw((context) => outline(context, chevron(), stale)),
    dark: draw((context) => {
      outline(context, disc(7.5), dark);
      context.stroke(cross(3));
    }),
  };
}

function draw(how: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = sizePixels * scale;
  canvas.height = sizePixels * scale;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no 2d canvas");
  context.scale(scale, scale);
  context.translate(sizePixels / 2, sizePixels / 2);
  how(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
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

export const iconPixelRatio = scale;
