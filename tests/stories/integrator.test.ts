import { HubConnectionBuilder } from "@microsoft/signalr";
import { expect, test } from "vitest";
import { startFleet } from "../lib/fleet.ts";

test("an integrator goes from registering to seeing a van drive with the stock client and fetch alone", async () => {
  await using fleet = await startFleet();
  const server = fleet.address; // https://your.host

  const post = async (path: string, body: object, token = "") => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await fetch(server + path, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json() as Promise<Record<string, string>>;
  };

  // 1. An account, once.
  const { accessToken = "" } = await post("/api/auth/register", {
    email: "dispatch@example.com",
    password: "correct horse battery",
    displayName: "Dana",
    accountName: "Parcel North",
    country: "DE",
    timezone: "Europe/Berlin",
  });

  // 2. A dashboard listens.
  const dashboard = new HubConnectionBuilder()
    .withUrl(`${server}/hubs/fleet`, { accessTokenFactory: () => accessToken })
    .withAutomaticReconnect()
    .build();
  const seen: unknown[][] = [];
  dashboard.on("DeviceUpdated", (...update: unknown[]) => seen.push(update));
  await dashboard.start();

  // 3. A phone asks for a code, shows it, and waits to be bound.
  const deviceGuid = crypto.randomUUID();
  const { code, pairingHub = "" } = await post("/api/device/init", { deviceGuid, platform: "android" });
  const pairing = new HubConnectionBuilder().withUrl(pairingHub).withAutomaticReconnect().build();
  const bound = new Promise<{ signalREndpoint: string; accessToken: string }>((resolve) =>
    pairing.on("DeviceBound", resolve),
  );
  await pairing.start();
  await pairing.invoke("RegisterConnectionForPairing", deviceGuid);

  // 4. The dispatcher types the code.
  await post("/api/devices/by-code", { code, name: "Van 7", identifier: "B-DS 7007" }, accessToken);

  // 5. The phone goes on to FleetHub with its token, and reports.
  const phone = await bound;
  await pairing.stop();
  const van = new HubConnectionBuilder()
    .withUrl(phone.signalREndpoint, { accessTokenFactory: () => phone.accessToken })
    .withAutomaticReconnect()
    .build();
  await van.start();
  await van.invoke("ReportLocation", 52.52, 13.405, 80);

  // 6. The dashboard sees it: deviceId, isConnected, lat, lon, time of the fix, battery, …
  await expect
    .poll(() => seen.at(-1)?.slice(0, 6))
    .toEqual([expect.any(Number), true, 52.52, 13.405, expect.stringMatching(/Z$/), 80]);
  await Promise.all([van.stop(), dashboard.stop()]);
});
