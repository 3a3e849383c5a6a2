import type { Access } from "../engine/network.ts";
import type { Line } from "../engine/wire.ts";
import type { World } from "../engine/world.ts";

/** How a call over the hub ended; "lost" when nobody knows. */
export type Outcome = { kind: "result"; result: unknown } | { kind: "error"; error: string } | { kind: "lost" };

export type HubClientOwner = {
  opened(): void;
  refused(status: number | null): void;
  closed(): void;
  event(name: string, args: unknown[]): void;
  /** Every byte that came. */
  heard(text: string): void;
};

/** A SignalR client as the protocol describes it: JSON, pings, and the patience of the official ones. */
export type HubClient = {
  readonly isOpen: boolean;
  readonly lastHeardAt: number;
  invoke(method: string, args: unknown[], ended: (outcome: Outcome) => void): void;
  stop(): void;
  /** The process that held it is gone. */
  forget(): void;
};

const recordEnd = "\u001e";
const pingEveryMs = 15_000;
const serverTimeoutMs = 30_000;

export function connectHub(
  world: World,
  access: Access,
  path: string,
  token: string | null,
  owner: HubClientOwner,
): HubClient {
  const calls = new Map<string, (outcome: Outcome) => void>();
  let state: "dialling" | "shaking" | "open" | "closed" = "dialling";
  let lastId = 0;
  let lastHeardAt = world.now();
  let forgotten = false;

  const line: Line = access.dial(path, token, {
    opened() {
      if (state !== "dialling") return;
      state = "shaking";
      lastHeardAt = world.now();
      line.text(`{"protocol":"json","version":1}${recordEnd}`);
      watch();
    },
    refused(status) {
      if (state !== "closed") end(() => owner.refused(status));
    },
    text(text) {
      if (state === "closed") return;
      lastHeardAt = world.now();
      owner.heard(text);
      for (const record of text.split(recordEnd)) if (record !== "") receive(record);
    },
    closed: () => lose(),
  });

  function receive(record: string): void {
    if (state === "closed") return;
    const message = JSON.parse(record) as Record<string, unknown>;
    if (state === "shaking") {
      state = "open";
      ping();
      return owner.opened();
    }
    switch (message["type"]) {
      case 1:
        return owner.event(String(message["target"]), message["arguments"] as unknown[]);
      case 3: {
        const id = String(message["invocationId"]);
        const ended = calls.get(id);
        calls.delete(id);
        const { error } = message;
        if (typeof error === "string") ended?.({ kind: "error", error });
        else ended?.({ kind: "result", result: message["result"] });
        return;
      }
      case 7:
        line.close();
        return lose();
    }
  }

  function ping(): void {
    world.after(pingEveryMs, () => {
      if (state !== "open" || forgotten) return;
      line.text(`{"type":6}${recordEnd}`);
      ping();
    });
  }

  /** Silence is how a client learns that nobody is there any more. */
  function watch(): void {
    world.after(lastHeardAt + serverTimeoutMs - world.now(), () => {
      if (state === "closed" || forgotten) return;
      if (world.now() - lastHeardAt < serverTimeoutMs) return watch();
      line.close();
      lose();
    });
  }

  function end(say: () => void): void {
    state = "closed";
    const open = [...calls.values()];
    calls.clear();
    if (forgotten) return;
    for (const ended of open) ended({ kind: "lost" });
    say();
  }

  function lose(): void {
    if (state === "closed") return;
    if (state === "dialling") end(() => owner.refused(null));
    else end(() => owner.closed());
  }

  return {
    get isOpen() {
      return state === "open";
    },
    get lastHeardAt() {
      return lastHeardAt;
    },
    invoke(method, args, ended) {
      if (state !== "open") return ended({ kind: "lost" });
      const invocationId = String(++lastId);
      calls.set(invocationId, ended);
      line.text(`${JSON.stringify({ type: 1, invocationId, target: method, arguments: args })}${recordEnd}`);
    },
    stop() {
      line.close();
      lose();
    },
    forget() {
      forgotten = true;
      end(() => {});
    },
  };
}
