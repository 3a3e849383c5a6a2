import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { chromiumPath, launchBrowser } from "../lib/chromium.ts";

const page = `<!doctype html><body style="margin:0;background:#000">
<canvas width="200" height="100" style="display:block"></canvas>
<script>
  const gl = document.querySelector("canvas").getContext("webgl2", { preserveDrawingBuffer: true });
  gl.enable(gl.SCISSOR_TEST);
  gl.scissor(0, 0, 100, 100); gl.clearColor(1, 0, 0, 1); gl.clear(gl.COLOR_BUFFER_BIT);
  gl.scissor(100, 0, 100, 100); gl.clearColor(0, 0, 1, 1); gl.clear(gl.COLOR_BUFFER_BIT);
</script>`;

describe("the browser of the tests", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test("is the one that CHROMIUM names, or the setting is refused", async () => {
    vi.stubEnv("CHROMIUM", process.execPath);
    expect(await chromiumPath()).toBe(process.execPath);
    vi.stubEnv("CHROMIUM", "/nowhere/chromium");
    await expect(chromiumPath()).rejects.toThrow("CHROMIUM names /nowhere/chromium");
    vi.unstubAllEnvs();
  });

  test("shows on the screen what WebGL draws", async () => {
    const tab = await browser.newPage({ viewport: { width: 300, height: 100 } });
    await tab.setContent(page);
    const screenshot = await tab.screenshot({ type: "png" });

    const pixel = await pixelsOf(browser, screenshot);
    expect(await pixel(50, 50)).toEqual([255, 0, 0]);
    expect(await pixel(150, 50)).toEqual([0, 0, 255]);
    expect(await pixel(250, 50)).toEqual([0, 0, 0]);
  });
});

/** Reads pixels of a PNG by drawing it in a page of its own. */
const pixelsOf = async (browser: Browser, png: Buffer) => {
  const tab = await browser.newPage();
  await tab.setContent(`<img src="data:image/png;base64,${png.toString("base64")}">`);
  return async (x: number, y: number): Promise<number[]> =>
    tab.evaluate(`(async () => {
      const image = document.querySelector("img");
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(${x}, ${y}, 1, 1).data.slice(0, 3)];
    })()`);
};
