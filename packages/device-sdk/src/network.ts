import type { OnOnline, OpenConnection } from "@dsp-fleet/fleet-client";

/** The phone's way out; each part defaults to the platform's. A simulated dead zone closes it. */
export type Network = {
  fetch?: typeof fetch;
  openConnection?: OpenConnection;
  onOnline?: OnOnline;
};
