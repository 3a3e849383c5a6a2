import type { SignalR } from "@dsp-fleet/signalr";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Database } from "../database/database.ts";
import type { LiveDevices } from "../devices/live-devices.ts";
import type { LocationJournal } from "../locations/location-journal.ts";

export type Observed = { signalr: SignalR; devices: LiveDevices; journal: LocationJournal; database: Database };

/** The application's own numbers, read when somebody asks. */
export function observe(registry: Registry, parts: Observed): void {
  observeFleet(registry, parts);
  observeHubs(registry, parts.signalr);
}

function observeFleet(registry: Registry, { devices, journal, database }: Observed): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("dsp_fleet_devices_bound", "Devices bound", () => devices.size);
  gauge("dsp_fleet_locations_queued", "Live fixes not yet on disk", () => journal.queued);
  gauge("dsp_fleet_database_ready", "1 while the database takes writes", () => (database.state === "ready" ? 1 : 0));
  new Counter({
    name: "dsp_fleet_locations_reported_total",
    help: "Live fixes reported",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(journal.recorded);
    },
  });
}

function observeHubs(registry: Registry, signalr: SignalR): void {
  new Gauge({
    name: "signalr_server_active_connections",
    help: "Open hub connections",
    labelNames: ["hub", "transport"],
    registers: [registry],
    collect() {
      for (const { hub, activeConnections } of signalr.metrics().hubs) {
        for (const [transport, count] of Object.entries(activeConnections)) this.set({ hub, transport }, count);
      }
    },
  });
  new Counter({
    name: "signalr_server_invocations_total",
    help: "Hub calls by method and outcome",
    labelNames: ["hub", "method", "outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { hub, invocations } of signalr.metrics().hubs) {
        for (const { method, outcome, count } of invocations) this.inc({ hub, method, outcome }, count);
      }
    },
  });
  new Counter({
    name: "signalr_server_connections_ended_total",
    help: "Hub connections that have ended, by how",
    labelNames: ["hub", "status"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { hub, connections } of signalr.metrics().hubs) {
        for (const [status, { count }] of Object.entries(connections)) this.inc({ hub, status }, count);
      }
    },
  });
}
