import { pino } from "pino";
import { expect, test } from "vitest";
import { startFleet } from "../lib/fleet.ts";
import { callRest } from "../lib/rest.ts";
import { sampleAt } from "../lib/samples.ts";

test("a day at the lowest log level leaves no secret, no query string and no position in the log", async () => {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const secrets: Record<string, string> = {};
  {
    await using fleet = await startFleet({ logger });
    const { token, auth, password, email } = await fleet.account("north");
    Object.assign(secrets, { "access token": token, "refresh token": auth.refreshToken, password });
    const phone = await fleet.phone();
    const pairing = await phone.connect();
    Object.assign(secrets, { guid: phone.guid, code: phone.code });
    const { body: device } = await fleet.enter("north", phone.code, { name: "Van" });
    const { bound } = await pairing.next("DeviceBound");
    const { accessToken } = bound as { accessToken: string };
    secrets["device token"] = accessToken;
    const van = await fleet.connectDevice({ deviceId: device.id, accessToken });
    await van.reportLocation({ lat: 12.345678, lon: 98.765432, batteryPercent: 5 });
    await van.invoke("ReportSamples", [sampleAt(Date.now() - 5_000, 23.456789, 87.654321), { lat: 34.567891 }]);
    await van.refusal("ReportLocation", 99.123456, 1);
    const invited = await fleet.invite("north", { email: "ben@north.example", role: "viewer" });
    secrets["invitation"] = invited.token;

    const wrong = "not the right password";
    secrets["wrong password"] = wrong;
    await fleet.rest("POST /api/auth/login", { body: { email, password: wrong } });
    await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: auth.refreshToken } });
    await fleet.rest("POST /api/auth/accept-invite", { body: { token: invited.token, password: "x" } });
    for (const path of ["/api/devices", "/api/nothing", "/hubs/fleet/negotiate", "/", "/docs/none"]) {
      await fleet.rest(`GET ${path}?access_token=${token}&q=query-marker`);
      await fleet.rest(`POST ${path}?access_token=${token}&q=query-marker`, { body: "{broken body-marker" });
    }
    await fleet.rest(`GET /api/devices/${device.id}`, { token: `${token}x` });
    await callRest(fleet.address, "GET /api/devices", {
      headers: { cookie: "cookie-marker", authorization: "Basic basic-marker" },
    });
    // A fault of the server: what it writes down of it must not tell either.
    await fleet.server.app.database.close();
    const failed = await fleet.rest("POST /api/auth/login", { body: { email, password } });
    expect(failed.status).toBe(503);
    await fleet.rest(`PATCH /api/devices/${device.id}`, { token, body: { name: "After" } });
    await van.reportLocation({ lat: 45.678912, lon: 56.789123 });
  }
  const log = lines.join("");
  expect(lines.length).toBeGreaterThan(20);
  expect(log).toContain('"route":"/api/devices"');
  for (const [what, secret] of Object.entries(secrets)) {
    expect(log.includes(secret), what).toBe(false);
    if (secret.includes(".")) expect(log.includes(secret.split(".")[2] ?? secret), `signature of ${what}`).toBe(false);
  }
  expect(log).not.toMatch(/(query|body|cookie|basic)-marker/);
  expect(log).not.toMatch(/access_token/);
  expect(log).not.toMatch(/12\.3456|98\.7654|23\.4567|87\.6543|34\.5678|99\.1234|45\.6789|56\.7891/);
});
