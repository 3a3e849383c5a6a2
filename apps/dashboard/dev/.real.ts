import { createHubClient, createRestClient } from "../../../packages/fleet-client/src/index.ts";
import { fleetHub, pairingHub } from "../../../packages/contract/src/index.ts";
import { launchBrowser } from "../../../tests/lib/chromium.ts";
const base = process.argv[2] ?? "";
await using browser = await launchBrowser();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
page.on("pageerror", (e) => console.log("PAGEERROR", e.message));
page.on("console", (m) => {
  if (["error", "warning"].includes(m.type()) && !/GPU stall/.test(m.text()))
    console.log("CONSOLE", m.type(), m.text());
});
page.on("response", (r) => {
  if (r.status() >= 400) console.log("HTTP", r.status(), r.url());
});
await page.goto(base);
await page.getByRole("button", { name: "Create an account" }).click();
await page.getByLabel("Your name").fill("Ana");
await page.getByLabel("Company").fill("Northline");
const email = `ana${Date.now()}@example.com`;
await page.getByLabel("E-mail").fill(email);
await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
await page.getByRole("button", { name: "Create account" }).click();
await page.getByRole("heading", { name: "No vans yet" }).waitFor();
console.log("registered, empty state; line", await page.getByTestId("line-state").getAttribute("data-state"));
// a phone
const rest = createRestClient({ baseUrl: base });
const phone = async (name: string) => {
  const guid = crypto.randomUUID();
  const { code } = await rest.initDevice({ body: { deviceGuid: guid, platform: "Android 15", model: "Test" } });
  const pairing = createHubClient(pairingHub, { baseUrl: base });
  const bound = new Promise<{ accessToken: string; deviceId: number }>((resolve) =>
    pairing.on("DeviceBound", ({ bound }) => resolve(bound)),
  );
  pairing.start();
  await new Promise<void>((resolve) => {
    pairing.onConnected(resolve);
  });
  await pairing.invoke("RegisterConnectionForPairing", { deviceGuid: guid });
  await page.getByTestId("pair-open").click();
  await page.getByTestId("pair-code").pressSequentially(`${code.slice(0, 3)}-${code.slice(3)}`.toLowerCase());
  await page.getByTestId("pair-name").fill(name);
  await page.getByTestId("pair-submit").click();
  const { accessToken, deviceId } = await bound;
  await pairing.stop();
  const hub = createHubClient(fleetHub, { baseUrl: base, accessToken: () => accessToken });
  hub.start();
  await new Promise<void>((resolve) => {
    hub.onConnected(resolve);
  });
  return { hub, deviceId };
};
const van = await phone("Van 07");
console.log("paired", van.deviceId);
for (let i = 0; i < 4; i++) {
  await van.hub.invoke("ReportLocation", {
    lat: 41.3925 + i * 0.0004,
    lon: 2.1665 + i * 0.0005,
    batteryPercent: 61,
    appVersion: "0.1",
    appLanguage: "en",
  });
  await page.waitForTimeout(1100);
}
const position = page.getByTestId("device-position");
console.log(
  "position",
  await position.getAttribute("data-lat"),
  await position.getAttribute("data-lon"),
  await page.getByTestId("device-age").textContent(),
);
console.log("row", await page.getByTestId(`device-row-${van.deviceId}`).getAttribute("aria-label"));
await page.screenshot({ path: "/tmp/shots/real-1.png" });
await page.reload();
await page.getByTestId(`device-row-${van.deviceId}`).waitFor();
console.log("after reload:", await page.getByTestId("line-state").getAttribute("data-state"));
await page.waitForTimeout(2500);
await page.screenshot({ path: "/tmp/shots/real-2.png" });
// rename conflict
await page.getByTestId(`device-row-${van.deviceId}`).click();
await page.getByRole("button", { name: "More about this van" }).click();
await page.getByRole("menuitem", { name: "Rename" }).click();
const token = await page.evaluate(
  () => JSON.parse(localStorage.getItem("dsp-fleet.session") ?? "{}").auth.accessToken as string,
);
const other = createRestClient({ baseUrl: base, accessToken: () => token });
const now = await other.getDevice({ params: { id: van.deviceId } });
await other.updateDevice({ params: { id: van.deviceId }, ifMatch: now.version, body: { name: "Van of Marc" } });
await page.getByRole("textbox", { name: "Name" }).fill("Mine");
await page.getByRole("button", { name: "Save" }).click();
await page.getByText("Somebody changed it meanwhile").waitFor({ timeout: 5000 });
await page.getByRole("button", { name: "Save mine" }).click();
await page.getByRole("heading", { name: "Mine" }).waitFor();
console.log("412 shown, saved mine");
// wrong code until limited
await page.getByTestId("pair-open").click();
await page.getByTestId("pair-code").fill("AAAAAA");
await page.getByTestId("pair-name").fill("x");
for (let i = 0; i < 14; i++) {
  const b = page.getByTestId("pair-submit");
  if (await b.isDisabled()) break;
  await b.click();
  await page.waitForTimeout(350);
}
console.log("pair says:", await page.getByRole("dialog").innerText());
await page.keyboard.press("Escape");
// unbind
await page.getByRole("button", { name: "More about this van" }).click();
await page.getByRole("menuitem", { name: "Unbind" }).click();
await page.getByRole("button", { name: "Unbind", exact: true }).click();
await page.getByRole("heading", { name: "No vans yet" }).waitFor();
console.log("unbound");
await page.getByRole("button", { name: /Ana, Northline/ }).click();
await page.getByRole("menuitem", { name: "Sign out" }).click();
await page.getByRole("heading", { name: "Sign in" }).waitFor();
console.log("signed out", await page.getByRole("alert").allInnerTexts());
await page.getByLabel("E-mail").fill(email);
await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByRole("heading", { name: "No vans yet" }).waitFor();
console.log("signed in again");
await van.hub.stop();
