import { createMemoryTransport } from "@dsp-fleet/signalr/testing";
import type { Machine } from "./machine.ts";
import type { World } from "./world.ts";

/** How a client hears of its line. */
export type LineOwner = {
  opened(): void;
  /** null when nobody answered. */
  refused(status: number | null): void;
  text(text: string): void;
  /** The server said goodbye, or the line broke and the client noticed. */
  closed(): void;
};

/** A client's end of one connection. */
export type Line = {
  text(text: string): void;
  /** Says goodbye. */
  close(): void;
};

/** One connection between a client and a process of the server: in order, late, held while the radio is off, or dead. */
export type Wire = Line & {
  /** From here on nothing gets through; who notices is to be seen. False when it was dead already: then no news gets through either. */
  die(): boolean;
  clientNotices(): void;
  serverNotices(): void;
  /** The radio is back. */
  resume(): void;
};

export type WireParts = {
  readonly world: World;
  readonly machine: Machine;
  readonly owner: LineOwner;
  readonly remoteAddress: string;
  latency(): number;
  radioIsOn(): boolean;
  /** How the line really fares, which no client can know; once each. */
  note(state: "tried" | "up" | "dead"): void;
  /** Nothing more comes of it. */
  ended(): void;
};

/** A line that nobody answers is given up. */
const patienceMs = 10_000;

export function openWire(path: string, token: string | null, parts: WireParts): Wire {
  const { world, machine, owner, latency, radioIsOn, note, ended } = parts;
  let process: number | null = null;
  let client: "dialling" | "open" | "gone" = "dialling";
  let dead = false;
  let isNoted = false;
  let lastDown = 0;
  let lastUp = 0;
  let held: (() => void)[] = [];

  const transport = createMemoryTransport({
    text: (text) => down(() => owner.text(text)),
    goodbye: () =>
      down(() => {
        up(() => transport.goodbye());
        leave(() => owner.closed());
      }),
    dropped: () =>
      down(() => {
        leave(() => owner.closed());
      }),
  });

  /** Said once, and only of what the server has seen. */
  function noteEnd(): void {
    if (isNoted) note("dead");
    isNoted = false;
  }

  /** The client's end is over. */
  function leave(say: () => void): void {
    if (client === "gone") return;
    client = "gone";
    noteEnd();
    say();
  }

  /** In order, also where the network stood still for a while. */
  function down(deliver: () => void): void {
    lastDown = Math.max(lastDown, world.now() + latency());
    world.after(lastDown - world.now(), function arrive() {
      if (dead || client === "gone") return;
      if (radioIsOn()) deliver();
      else held.push(arrive);
    });
  }

  function up(deliver: () => void): void {
    lastUp = Math.max(lastUp, world.now() + latency());
    world.after(lastUp - world.now(), function arrive() {
      if (dead) return;
      if (!radioIsOn()) held.push(arrive);
      else if (machine.serving === process) {
        world.stirred();
        deliver();
      } else {
        // The process that knew this connection is gone; the machine says so once another one is there.
        wire.die();
        if (machine.serving !== null) world.after(latency(), () => wire.clientNotices());
      }
    });
  }

  function dial(): void {
    if (!radioIsOn() || client === "gone") return;
    process = machine.serving;
    if (process === null) {
      world.after(latency(), () => leave(() => owner.refused(null)));
      return;
    }
    isNoted = true;
    note("tried");
    const url = token === null ? path : `${path}?access_token=${encodeURIComponent(token)}`;
    const request = { url, rawHeaders: ["Host", "fleet.test"], remoteAddress: parts.remoteAddress, encrypted: true };
    machine.accept(transport, request, (status) =>
      down(() => {
        if (status !== 101) return leave(() => owner.refused(status));
        client = "open";
        note("up");
        owner.opened();
      }),
    );
  }

  const wire: Wire = {
    text: (text) => up(() => transport.text(text)),
    close() {
      leave(() => {});
      up(() => {
        transport.goodbye();
        ended();
      });
    },
    die() {
      if (dead) return false;
      dead = true;
      noteEnd();
      return true;
    },
    clientNotices() {
      leave(() => owner.closed());
      ended();
    },
    serverNotices() {
      if (process === null || machine.serving !== process) return;
      world.stirred();
      transport.lost();
    },
    resume() {
      const waiting = held;
      held = [];
      for (const arrive of waiting) arrive();
    },
  };

  world.after(latency(), dial);
  world.after(patienceMs, () => {
    if (client !== "dialling") return;
    dead = true;
    leave(() => owner.refused(null));
    ended();
  });
  return wire;
}
