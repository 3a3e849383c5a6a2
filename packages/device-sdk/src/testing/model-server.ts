import { type DeviceBound, type LocationSample, locationSample } from "@dsp-fleet/contract";
import { type Clock, type HubConnectionLike, HubError } from "@dsp-fleet/fleet-client";
import type { Network } from "../network.ts";

/** What becomes of one call: it arrives or not, its answer arrives, late, or never, or says that it failed; lost ones tear the connection down a little later. */
export type Fate = "answered" | "request-lost" | "answer-lost" | "late" | "hangs" | "fails";

export type Acknowledged = { readonly seen: boolean; readonly responseText: string | null };

export type ModelServer = {
  /** What the phone said of each message that it has. */
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  send(messageId: string): void;
  /** Sends what was not acknowledged again. */
  resend(): void;
  /** Positions as ReportLocation brought them, in order of arrival. */
  readonly live: { lat: number; lon: number }[];
  readonly samples: ReadonlyMap<string, LocationSample>;
  /** Times of samples that were answered with a code. */
  readonly rejected: ReadonlySet<string>;
  /** Everything that arrived, in order: `L` live, `S` samples, `H` history, `I` info. */
  readonly log: string[];
  readonly code: string | null;
  readonly inits: number;
  readonly connections: number;
  /** How often the phone said that it has no more. */
  readonly finals: number;
  /** RequestHistorySync, now and at each connect until the phone says that it has no more. */
  askForHistory(hours: number): void;
  bind(): void;
  unbind(): void;
  moveHub(url: string): void;
  /** Rejects samples of which this is true as `too-old`. */
  rejects(test: (sample: LocationSample) => boolean): void;
  setFates(next: (method: string) => Fate): void;
  isUp: boolean;
  /** A proxy before the hub answers 401, whatever the token. */
  isHubRefused: boolean;
  /** Changes what ReportSamples answers. */
  distortReceipt: ((receipt: unknown) => unknown) | null;
  cutAll(): void;
  /** An event to the phone's connections to FleetHub. */
  say(event: string, ...args: unknown[]): void;
  /** The way to this server for one process. */
  network(clock: Clock): Network & { kill(): void; online(): void };
};

const latencyMs = 40;
const lateMs = 50_000;

/** A server for one phone that keeps to the contract, over a network that does as it is told. */
export function modelServer(): ModelServer {
  const live: { lat: number; lon: number }[] = [];
  const samples = new Map<string, LocationSample>();
  const rejected = new Set<string>();
  const log: string[] = [];
  const sent = new Set<string>();
  const acknowledged = new Map<string, Acknowledged>();
  const open = new Set<{
    close(problem: string): void;
    deliver(event: string, args: unknown[]): void;
    pairing: boolean;
  }>();
  let guid: string | null = null;
  let code: string | null = null;
  let inits = 0;
  let connections = 0;
  let finals = 0;
  let hoursAsked: number | null = null;
  let bound: DeviceBound | null = null;
  let isRejected = (_: LocationSample): boolean => false;
  let fate = (_: string): Fate => "answered";

  function handle(method: string, args: readonly unknown[]): unknown {
    switch (method) {
      case "RegisterConnectionForPairing": {
        const known = args[0] === guid && (code !== null || bound !== null);
        if (known && bound !== null) deliverBound();
        return known;
      }
      case "ReportLocation":
        log.push("L");
        live.push({ lat: Number(args[0]), lon: Number(args[1]) });
        return null;
      case "ReportDeviceInfo":
        log.push("I");
        return null;
      case "MessageReceived":
      case "MessageSeen":
      case "MessageResponse":
        return acknowledge(String(args[0]), method, args[1]);
      case "ReportSamples":
        log.push("S");
        if ((args[0] as unknown[]).length > 500 || JSON.stringify(args[0]).length > 32_000)
          throw new Error("HubException: invalid: too large");
        return (server.distortReceipt ?? ((receipt) => receipt))(receive(args[0] as unknown[]));
      default:
        throw new Error(
          `Failed to invoke '${method}' due to an error on the server. HubException: Method does not exist.`,
        );
    }
  }

  function acknowledge(messageId: string, method: string, responseText: unknown): null {
    if (!sent.has(messageId)) throw new Error("HubException: not-found: There is no such message.");
    const said = acknowledged.get(messageId) ?? { seen: false, responseText: null };
    acknowledged.set(messageId, {
      seen: said.seen || method !== "MessageReceived",
      responseText: said.responseText ?? (method === "MessageResponse" ? String(responseText) : null),
    });
    return null;
  }

  function deliver(messageId: string): void {
    for (const connection of open) {
      if (!connection.pairing) connection.deliver("ReceiveMessage", [messageId, `Body of ${messageId}`, 30]);
    }
  }

  function takeHistory({ samples: batch, final }: { samples: unknown[]; final?: boolean }): unknown {
    log.push("H");
    const receipt = receive(batch);
    if (final === true) {
      finals += 1;
      hoursAsked = null;
    }
    return receipt;
  }

  function receive(batch: unknown[]): object {
    const receipt = { accepted: 0, duplicates: 0, rejected: [] as { index: number; code: string }[] };
    for (const [index, item] of batch.entries()) {
      const sample = locationSample.parse(item);
      if (isRejected(sample)) {
        rejected.add(sample.atUtc);
        receipt.rejected.push({ index, code: "too-old" });
      } else if (samples.has(sample.atUtc)) receipt.duplicates += 1;
      else {
        samples.set(sample.atUtc, sample);
        receipt.accepted += 1;
      }
    }
    return receipt;
  }

  function deliverBound(): void {
    for (const connection of open) if (connection.pairing) connection.deliver("DeviceBound", [bound]);
  }

  const server: ModelServer = {
    acknowledged,
    send(messageId) {
      sent.add(messageId);
      deliver(messageId);
    },
    resend() {
      for (const messageId of sent) if (!acknowledged.has(messageId)) deliver(messageId);
    },
    live,
    samples,
    rejected,
    log,
    isUp: true,
    isHubRefused: false,
    distortReceipt: null,
    get code() {
      return code;
    },
    get inits() {
      return inits;
    },
    get connections() {
      return connections;
    },
    get finals() {
      return finals;
    },
    askForHistory(hours) {
      hoursAsked = hours;
      for (const connection of open) if (!connection.pairing) connection.deliver("RequestHistorySync", [hours]);
    },
    bind() {
      code = null;
      bound = {
        deviceId: 7,
        accountId: 1,
        signalREndpoint: "http://fleet.test/hubs/fleet",
        name: "Van 7",
        identifier: null,
        accessToken: `token-of-${guid}`,
        speedUnit: "kmh",
        country: "ES",
        accountTimezone: "Europe/Madrid",
        periodicAirplaneModeOff: false,
      };
      deliverBound();
    },
    unbind() {
      bound = null;
      for (const connection of open) connection.close("the server closed the connection");
    },
    moveHub(url) {
      if (bound !== null) bound = { ...bound, signalREndpoint: url };
      server.cutAll();
    },
    rejects(test) {
      isRejected = test;
    },
    setFates(next) {
      fate = next;
    },
    cutAll() {
      for (const connection of open) connection.close("cut");
    },
    say(event, ...args) {
      for (const connection of open) if (!connection.pairing) connection.deliver(event, args);
    },
    network(clock) {
      const mine = new Set<{ close(problem: string): void }>();
      const online = new Set<() => void>();
      let isDead = false;
      const wait = (ms: number): Promise<void> =>
        new Promise((resolve, reject) => {
          clock.after(ms, () => {
            if (isDead) return;
            if (server.isUp) resolve();
            else reject(new TypeError("fetch failed"));
          });
        });

      return {
        kill() {
          isDead = true;
          for (const connection of mine) connection.close("killed");
        },
        online() {
          for (const listener of online) listener();
        },
        onOnline(listener) {
          online.add(listener);
          return () => void online.delete(listener);
        },
        async fetch(input, init) {
          await wait(latencyMs);
          const request = new Request(input, init);
          const { pathname } = new URL(request.url);
          if (pathname === "/api/device/init") {
            const body = (await request.json()) as { deviceGuid: string };
            if (body.deviceGuid !== guid) bound = null;
            guid = body.deviceGuid;
            code = `CODE${String(inits++).padStart(2, "0")}`;
            const expiresAt = new Date(clock.now() + 600_000).toISOString();
            return Response.json({ deviceGuid: guid, code, expiresAt, pairingHub: "/hubs/pairing" });
          }
          const authorization = request.headers.get("authorization");
          if (pathname === "/api/device/me" && bound !== null && authorization === `Bearer ${bound.accessToken}`) {
            return Response.json(bound);
          }
          if (
            pathname === "/api/devices/history-sync" &&
            bound !== null &&
            authorization === `Bearer ${bound.accessToken}`
          ) {
            const here = fate("historySync");
            if (here === "request-lost") throw new TypeError("fetch failed");
            if (here === "fails") return Response.json({}, { status: 503 });
            const answer = takeHistory((await request.json()) as { samples: unknown[]; final?: boolean });
            if (here === "answer-lost") throw new TypeError("fetch failed");
            if (here === "hangs" || here === "late") {
              await new Promise((_, reject) => {
                init?.signal?.addEventListener("abort", () => reject(new TypeError("aborted")), { once: true });
              });
            }
            return Response.json(answer);
          }
          const problem = {
            type: "about:blank",
            title: "",
            status: 401,
            detail: "no",
            code: "unauthorized",
            traceId: "t",
          };
          return Response.json(problem, { status: 401 });
        },
        openConnection(target): HubConnectionLike {
          const handlers = new Map<string, (args: readonly unknown[]) => void>();
          let onClose = (_: string): void => {};
          let isOpen = false;
          const broken = Promise.withResolvers<never>();
          broken.promise.catch(() => {});
          const pairing = target.url.endsWith("/hubs/pairing");
          const entry = {
            pairing,
            deliver: (event: string, args: unknown[]) =>
              void clock.after(latencyMs, () => isOpen && handlers.get(event)?.(args)),
            close(problem: string) {
              if (!isOpen) return;
              isOpen = false;
              open.delete(entry);
              mine.delete(entry);
              if (isDead) return;
              broken.reject(new Error(problem));
              onClose(problem);
            },
          };
          return {
            async start() {
              const token = await target.accessToken();
              await wait(latencyMs);
              if (!pairing && bound !== null && target.url !== bound.signalREndpoint)
                throw new TypeError("fetch failed");
              if (!pairing && (server.isHubRefused || token !== bound?.accessToken))
                throw new HubError("unauthorized", "401");
              isOpen = true;
              connections += 1;
              if (!pairing && hoursAsked !== null) entry.deliver("RequestHistorySync", [hoursAsked]);
              open.add(entry);
              mine.add(entry);
            },
            async stop() {
              entry.close("stopped");
            },
            on: (event, handler) => void handlers.set(event, handler),
            onClose: (handler) => {
              onClose = handler;
            },
            async invoke(method, args) {
              if (!isOpen) throw new Error("Cannot send data if the connection is not in the 'Connected' State.");
              const wire = JSON.parse(JSON.stringify(args)) as unknown[];
              const here = fate(method);
              await Promise.race([wait(latencyMs), broken.promise]);
              if (here === "request-lost") clock.after(latencyMs, () => entry.close("cut"));
              if (here === "request-lost") return broken.promise;
              if (here === "fails") throw new Error("… on the server. HubException: unavailable: try again");
              const answer = handle(method, wire);
              if (here === "hangs") return broken.promise;
              if (here === "answer-lost") {
                clock.after(latencyMs, () => entry.close("cut"));
                return broken.promise;
              }
              await Promise.race([wait(here === "late" ? lateMs : latencyMs), broken.promise]);
              return answer;
            },
          };
        },
      };
    },
  };
  return server;
}
