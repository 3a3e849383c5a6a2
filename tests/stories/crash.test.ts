import { openDatabase } from "@dsp-fleet/server/parts";
import { pino } from "pino";
import { expect, test } from "vitest";
import { aWhile } from "../lib/hub-client.ts";
import { sampleAt } from "../lib/samples.ts";
import { startServerProcess } from "../lib/server-process.ts";

test("samples that were answered for are in the database after the server is killed that moment", async () => {
  await using server = await startServerProcess({ LOG_LEVEL: "info" });
  const van = await server.device({ account: "north" });
  const now = Date.now();
  const samples = Array.from({ length: 50 }, (_, index) => sampleAt(now - index * 1_000, index));
  await Promise.all([0, 10, 20, 30, 40].map((from) => van.invoke("ReportSamples", samples.slice(from, from + 10))));
  expect(await server.kill("SIGKILL")).toMatchObject({ signal: "SIGKILL" });

  await using database = await openDatabase(server, pino({ level: "silent" }));
  const rows = await database.queries
    .selectFrom("location_samples")
    .select(["at_ms", "lat"])
    .orderBy("at_ms", "desc")
    .execute();
  expect(rows.map((row) => [row.at_ms, row.lat])).toEqual(samples.map(({ atUtc, lat }) => [Date.parse(atUtc), lat]));
});

test("after being killed the server starts by itself, with every account, device, name and code it answered for", async () => {
  await using server = await startServerProcess();
  const { token } = await server.account("north");
  const bound = await server.pair("north", { name: "Van 1", identifier: "N-1" });
  const van = await server.connectDevice(bound);
  await van.reportLocation({ lat: 52.5, lon: 13.4, batteryPercent: 50 });
  await server.rest(`PATCH /api/devices/${bound.deviceId}`, { token, body: { name: "Renamed" } });
  const phone = await server.phone();
  const overHub = await server.hub("/hubs/pairing");
  const diesWithItsConnection = await overHub.invoke<string>("RequestPairingCode");
  // A live fix may lose its last second.
  await aWhile(1_000);

  await server.kill("SIGKILL");
  await server.start();

  const { body } = await server.rest(`GET /api/devices/${bound.deviceId}`, { token });
  expect(body).toMatchObject({ name: "Renamed", identifier: "N-1", lastLat: 52.5, batteryLevelPercent: 50 });
  expect((await server.enter("north", phone.code)).status).toBe(201);
  expect((await server.enter("north", diesWithItsConnection)).body).toMatchObject({ code: "code-unknown" });
});
