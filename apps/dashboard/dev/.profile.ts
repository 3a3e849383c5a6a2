import { launchBrowser } from "../../../tests/lib/chromium.ts";
await using browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 900, height: 500 } });
await page.goto(`http://127.0.0.1:41873/dev/scenes.html?vans=1000&spread=5200`);
await page.waitForTimeout(8000);
if (process.argv[2] === "streets") {
  for (let i = 0; i < 2; i++) {
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForTimeout(1000);
  }
  await page.waitForTimeout(3000);
}
const s = await page.context().newCDPSession(page);
await s.send("Profiler.enable");
await s.send("Profiler.setSamplingInterval", { interval: 500 });
await s.send("Profiler.start");
await page.waitForTimeout(6000);
const { profile } = await s.send("Profiler.stop");
const self = new Map<string, number>();
const byId = new Map(profile.nodes.map((n) => [n.id, n]));
const d = profile.timeDeltas ?? [];
(profile.samples ?? []).forEach((id, i) => {
  const n = byId.get(id);
  if (!n) return;
  const k = `${n.callFrame.functionName || "(anon)"} ${n.callFrame.url.split("/").at(-1)?.slice(0, 20)}:${n.callFrame.lineNumber}:${n.callFrame.columnNumber}`;
  self.set(k, (self.get(k) ?? 0) + (d[i] ?? 0));
});
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 25))
  console.log((v / 6000).toFixed(1) + " ms/s", k);
