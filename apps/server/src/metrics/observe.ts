import type { SignalR } from "@dsp-fleet/signalr";
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../database/database.ts";
import type { LiveDevices } from "../devices/live-devices.ts";
import type { LocationJournal } from "../locations/location-journal.ts";

/** The application's own numbers, read when somebody asks. */
export function observe(
  registry: Registry,
  parts: { signalr: SignalR; devices: LiveDevices; journal: LocationJournal; database: Database },
): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("dsp_fleet_devices_bound", "Devices bound", () => parts.devices.size);
  gauge("dsp_fleet_locations_queued", "Live fixes not yet on disk", () => parts.journal.queued);
  gauge("dsp_fleet_database_ready", "1 while the database takes writes", () =>
    parts.database.state === "ready" ? 1 : 0,
  );
}
