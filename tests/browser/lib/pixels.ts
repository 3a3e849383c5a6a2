import type { Locator, Page } from "playwright-core";

/** What a picture of a part of the page shows. */
export type Picture = {
  /** How many different colours there are. */
  readonly colors: number;
  /** Pixels of the wanted colour, and the middle of them. */
  readonly wanted: { readonly count: number; readonly x: number; readonly y: number };
};

/** Pictures are read by a page that has no policy, for what WebGL drew can only be read back from the screen. */
export async function pictureOf(locator: Locator, wanted = "#000000"): Promise<Picture> {
  const png = await locator.screenshot({ type: "png", style: "aside { visibility: hidden }" });
  const reader = await locator.page().context().newPage();
  try {
    return await reader.evaluate(`(async () => {
      const png = Uint8Array.from(atob(${JSON.stringify(png.toString("base64"))}), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([png], { type: "image/png" }));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      const rgb = parseInt(${JSON.stringify(wanted)}.slice(1), 16);
      const is = (index, color) => Math.abs(data[index] - color) <= 6;
      const colors = new Set();
      let count = 0, x = 0, y = 0;
      for (let pixel = 0; pixel < data.length / 4; pixel++) {
        const index = pixel * 4;
        colors.add((data[index] << 16) | (data[index + 1] << 8) | data[index + 2]);
        if (!is(index, rgb >> 16) || !is(index + 1, (rgb >> 8) & 255) || !is(index + 2, rgb & 255)) continue;
        count += 1; x += pixel % image.width; y += Math.floor(pixel / image.width);
      }
      return { colors: colors.size, wanted: { count, x: x / count, y: y / count } };
    })()`);
  } finally {
    await reader.close();
  }
}

/** A colour of the page by its use, as `#rrggbb`. */
export const colorOf = (page: Page, variable: string): Promise<string> =>
  page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue(${JSON.stringify(variable)}).trim()`);
