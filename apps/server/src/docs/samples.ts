import { fleetHub, pairingHub } from "@dsp-fleet/contract";

/** Stock-client code that runs as it stands once YOUR_HOST is replaced. */
export const connectSample = `import { HubConnectionBuilder } from "@microsoft/signalr";

const host = "https://YOUR_HOST";
const signIn = await fetch(\`\${host}/api/auth/login\`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ email: "you@example.com", password: "your password" }),
});
const { accessToken } = await signIn.json();

const connection = new HubConnectionBuilder()
  .withUrl(\`\${host}${fleetHub.path}\`, { accessTokenFactory: () => accessToken })
  .withAutomaticReconnect()
  .build();

connection.on("DeviceUpdated", (${Object.keys(fleetHub.events.DeviceUpdated.args).slice(0, 5).join(", ")}) => {
  console.log(deviceId, isConnected, lastLat, lastLon, lastLocationAt);
});

await connection.start();`;

export const pairSample = `import { HubConnectionBuilder } from "@microsoft/signalr";

const host = "https://YOUR_HOST";
const deviceGuid = crypto.randomUUID();
const init = await fetch(\`\${host}/api/device/init\`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ deviceGuid }),
});
const { code } = await init.json();
console.log("Give this code to your dispatcher:", code);

const pairing = new HubConnectionBuilder().withUrl(\`\${host}${pairingHub.path}\`).withAutomaticReconnect().build();
pairing.on("DeviceBound", async ({ signalREndpoint, accessToken }) => {
  const fleet = new HubConnectionBuilder()
    .withUrl(signalREndpoint, { accessTokenFactory: () => accessToken })
    .withAutomaticReconnect()
    .build();
  await fleet.start();
  await fleet.invoke("ReportLocation", 41.3851, 2.1734, 80, "1.0.0", "en");
  await pairing.stop();
});
await pairing.start();
await pairing.invoke("RegisterConnectionForPairing", deviceGuid);`;
