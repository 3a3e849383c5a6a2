import { launchBrowser } from "../../../tests/lib/chromium.ts";

/** Frame and main-thread times while the map is fed: node measure.ts <address of the scenes> <vans>. */
const [address = "", vans = "1000", width = "1440", height = "900"] = process.argv.slice(2);
const seconds = 10;

await using browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
const metrics = async (): Promise<Map<string, number>> =>
  new Map((await session.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));

const measure = async (what: string): Promise<void> => {
  const before = await metrics();
  const frames = await page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const start = performance.now();
        let last = start;
        const frame = (): void => {
          const now = performance.now();
          times.push(now - last);
          last = now;
          if (now - start > ms) resolve(times);
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1000,
  );
  const after = await metrics();
  const spent = (name: string): number => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000) / seconds;
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  process.stdout.write(
    `${what}: ${(frames.length / seconds).toFixed(0)} frames/s, frame ms p50 ${at(0.5)} p95 ${at(0.95)} max ${at(0.9999)}; ` +
      `main thread per second: scripts ${spent("ScriptDuration").toFixed(0)} ms, layout ${(spent("LayoutDuration") + spent("RecalcStyleDuration")).toFixed(0)} ms, ` +
      `all tasks ${spent("TaskDuration").toFixed(0)} ms; heap ${((after.get("JSHeapUsedSize") ?? 0) / 1e6).toFixed(0)} MB\n`,
  );
};

await page.goto(`${address}/dev/scenes.html?vans=${vans}&spread=5200`);
await page.getByTestId("device-row-1").or(page.getByText("Needs you")).first().waitFor();
await page.waitForTimeout(6000);
await measure("whole city");
for (let step = 0; step < 2; step += 1) {
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForTimeout(1000);
}
await page.waitForTimeout(3000);
await measure("streets");
const size = await page.evaluate(() => {
  const canvas = document.querySelector("canvas");
  return [canvas?.clientWidth, canvas?.clientHeight, canvas?.width, canvas?.height];
});
process.stdout.write(`map canvas ${size.join(" × ")}\n`);
