import { takeAppInfo } from "../devices/app-info.ts";
import type { FleetHandlers } from "../hubs/fleet-hub.ts";

/** Remembers where the device is and shows it to the account. */
export const reportLocation: FleetHandlers["ReportLocation"] = ({ app, device }, report) => {
  const now = app.clock.now();
  device.lastLat = report.lat;
  device.lastLon = report.lon;
  // What comes later is newer, also when this server's clock was set back.
  device.lastLocationAt = Math.max(now, device.lastLocationAt ?? 0);
  if (takeAppInfo(device, report, now)) app.journal.touched(device);
  app.journal.live(device, {
    deviceId: device.id,
    accountId: device.accountId,
    atMs: now,
    lat: report.lat,
    lon: report.lon,
    accuracyMeters: null,
    speedMps: null,
    headingDegrees: null,
    altitudeMeters: null,
    batteryPercent: report.batteryPercent,
    receivedMs: now,
    source: "live",
  });
  app.devices.changed(device);
  app.tell.deviceUpdated(device);
  app.fastLocation.reported(device.id);
  app.rescues.moved(device.id);
  app.zoneVisits.live(device, { atMs: now, lat: report.lat, lon: report.lon, accuracyMeters: null });
  return null;
};
