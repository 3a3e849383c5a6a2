import type { FleetHandlers } from "../hubs/fleet-hub.ts";
import { takeSamples } from "./take-samples.ts";

/** Keeps fixes with their own times; answers once they are on disk. */
export const reportSamples: FleetHandlers["ReportSamples"] = async ({ app, device }, { samples }) =>
  (await takeSamples(app, device, samples)).receipt;
