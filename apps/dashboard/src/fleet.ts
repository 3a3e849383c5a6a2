import { fleetHub } from "@dsp-fleet/contract";
import {
  type Clock,
  createHubClient,
  createRestClient,
  createSession,
  keepHubSignedIn,
  type OpenConnection,
  type RestClient,
  type Session,
  type SessionStorage,
  stockConnection,
  systemClock,
} from "@dsp-fleet/fleet-client";
import { createDeviceTable, type DeviceTable } from "./live/device-table.ts";
import { createLiveFeed, type LiveFeed } from "./live/live-feed.ts";
import { createServerClock } from "./live/server-clock.ts";
import { createTicker, type Ticker } from "./live/ticker.ts";

/** All that the rooms work with, wired by hand. */
export type Fleet = {
  readonly rest: RestClient;
  readonly session: Session;
  readonly table: DeviceTable;
  readonly feed: LiveFeed;
  readonly ticker: Ticker;
  /** Milliseconds by the server's clock. */
  readonly now: () => number;
  readonly fetch: typeof fetch;
  /** Opens the live line; the answer closes it. */
  readonly openLine: () => () => void;
};

export type FleetPorts = {
  readonly fetch: typeof fetch;
  readonly openConnection: OpenConnection;
  readonly storage: SessionStorage;
  readonly clock: Clock;
};

export const browserPorts = (): FleetPorts => ({
  fetch: (input, init) => fetch(input, init),
  openConnection: stockConnection(),
  storage: localStorage,
  clock: systemClock,
});

export function createFleet(ports: FleetPorts): Fleet {
  const server = createServerClock(ports.fetch, ports.clock.now);
  const { clock } = ports;
  const accessToken: Session["accessToken"] = (refused) => session.accessToken(refused);
  const rest = createRestClient({ baseUrl: "", fetch: server.fetch, accessToken, clock });
  const session = createSession({ rest, storage: ports.storage, otherTabs: window, clock });
  const hub = createHubClient(fleetHub, {
    baseUrl: location.origin,
    accessToken,
    openConnection: ports.openConnection,
    clock,
  });
  const table = createDeviceTable(server.now);
  const feed = createLiveFeed({ hub, rest, table, clock, random: Math.random, now: server.now });
  return {
    rest,
    session,
    table,
    feed,
    ticker: createTicker(server.now),
    now: server.now,
    fetch: ports.fetch,
    openLine() {
      const forget = keepHubSignedIn(hub, session, clock);
      feed.start();
      return () => {
        forget();
        feed.stop();
      };
    },
  };
}
