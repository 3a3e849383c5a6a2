import { deepEqual, rejects } from "node:assert/strict";
import type { Audience, HubLifetimeManager, MemberConnection } from "../lifetime/hub-lifetime-manager.ts";
import { OutgoingMessage } from "../protocol/batch.ts";

/** A connection that only remembers. */
export type RecordingConnection = MemberConnection & {
  /** Events received, in order. */
  readonly events: string[];
  readonly disconnects: { readonly error?: string; readonly allowReconnect: boolean }[];
};

/** One manager, or several that share a backplane: the laws spread their connections over all of them. */
export type LifetimeManagerUnderTest = {
  readonly managers: readonly HubLifetimeManager<RecordingConnection>[];
  /** Resolves when all that was sent has arrived. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
};

/** A promise that every lifetime manager keeps. `check` throws when it is broken. */
export type LifetimeManagerLaw = {
  readonly name: string;
  check(start: () => Promise<LifetimeManagerUnderTest>): Promise<void>;
};

type Cast = {
  readonly manager: HubLifetimeManager<RecordingConnection>;
  readonly ana: RecordingConnection;
  readonly ben: RecordingConnection;
  readonly cem: RecordingConnection;
  send(event: string, audience: Partial<Audience>): Promise<void>;
  leaves(connection: RecordingConnection): Promise<void>;
  settle(): Promise<void>;
};

function recordingConnection(connectionId: string, userId: string | null): RecordingConnection {
  const events: string[] = [];
  const disconnects: RecordingConnection["disconnects"] = [];
  let last: OutgoingMessage | null = null;
  return {
    connectionId,
    userId,
    memberships: null,
    events,
    disconnects,
    enqueue: (message) => {
      if (message === last) return;
      last = message;
      if (message.content.type === "invocation") events.push(message.content.target);
    },
    disconnect: (options) => void disconnects.push(options),
  };
}

function law(name: string, body: (cast: Cast) => Promise<void>): LifetimeManagerLaw {
  return {
    name,
    check: async (start) => {
      const { managers, settle, dispose } = await start();
      try {
        const managerOf = (index: number) => {
          const manager = managers[index % managers.length];
          if (manager === undefined) throw new Error("No lifetime manager to test.");
          return manager;
        };
        const ana = recordingConnection("ana", "user-1");
        const ben = recordingConnection("ben", "user-1");
        const cem = recordingConnection("cem", null);
        const all = [ana, ben, cem];
        for (const [index, connection] of all.entries()) await managerOf(index).connected(connection);
        const send: Cast["send"] = async (event, audience) => {
          const content = {
            type: "invocation",
            invocationId: null,
            target: event,
            arguments: [],
            streamIds: [],
          } as const;
          const whole = { kind: "all", names: [], except: null, ...audience } as const;
          await managerOf(0).send(whole, new OutgoingMessage(content));
          await settle();
        };
        const leaves = (connection: RecordingConnection) => managerOf(all.indexOf(connection)).disconnected(connection);
        await body({ manager: managerOf(0), ana, ben, cem, send, leaves, settle });
      } finally {
        await dispose();
      }
    },
  };
}

function received(cast: Cast, expected: { ana: string[]; ben: string[]; cem: string[] }): void {
  deepEqual({ ana: cast.ana.events, ben: cast.ben.events, cem: cast.cem.events }, expected);
}

/** The laws; run each as a test of its own. */
export const lifetimeManagerSpec: readonly LifetimeManagerLaw[] = [
  law("a message for all reaches every connection once, in order", async (cast) => {
    await cast.send("one", {});
    await cast.send("two", {});
    received(cast, { ana: ["one", "two"], ben: ["one", "two"], cem: ["one", "two"] });
  }),
  law("a message for all spares those excepted", async (cast) => {
    await cast.send("one", { except: new Set(["ana", "nobody"]) });
    received(cast, { ana: [], ben: ["one"], cem: ["one"] });
  }),
  law("a message for connections reaches these, and unknown ids are no error", async (cast) => {
    await cast.send("one", { kind: "connections", names: ["cem", "nobody", "cem"] });
    received(cast, { ana: [], ben: [], cem: ["one"] });
  }),
  law("a message for a user reaches all of the user's connections", async (cast) => {
    await cast.send("one", { kind: "users", names: ["user-1", "user-9"] });
    received(cast, { ana: ["one"], ben: ["one"], cem: [] });
  }),
  law("a message for a group reaches its members alone", async (cast) => {
    await cast.manager.addToGroup("ana", "vans");
    await cast.manager.addToGroup("cem", "vans");
    await cast.send("one", { kind: "groups", names: ["vans"] });
    received(cast, { ana: ["one"], ben: [], cem: ["one"] });
  }),
  law("a member of two groups receives a message for both once", async (cast) => {
    for (const group of ["vans", "north"]) await cast.manager.addToGroup("ben", group);
    await cast.manager.addToGroup("ana", "north");
    await cast.send("one", { kind: "groups", names: ["vans", "north", "vans"] });
    received(cast, { ana: ["one"], ben: ["one"], cem: [] });
  }),
  law("group names are told apart by case", async (cast) => {
    await cast.manager.addToGroup("ana", "vans");
    await cast.send("one", { kind: "groups", names: ["Vans"] });
    received(cast, { ana: [], ben: [], cem: [] });
  }),
  law("a second add changes nothing, and one remove ends the membership", async (cast) => {
    await cast.manager.addToGroup("ana", "vans");
    await cast.manager.addToGroup("ana", "vans");
    await cast.send("one", { kind: "groups", names: ["vans"] });
    await cast.manager.removeFromGroup("ana", "vans");
    await cast.send("two", { kind: "groups", names: ["vans"] });
    received(cast, { ana: ["one"], ben: [], cem: [] });
  }),
  law("adding and removing unknown connections is no error", async (cast) => {
    await cast.manager.addToGroup("nobody", "vans");
    await cast.manager.removeFromGroup("nobody", "vans");
    await cast.manager.removeFromGroup("ana", "vans");
    await cast.send("one", { kind: "groups", names: ["vans"] });
    received(cast, { ana: [], ben: [], cem: [] });
  }),
  law("who has gone receives nothing more, by any address", async (cast) => {
    await cast.manager.addToGroup("ana", "vans");
    await cast.leaves(cast.ana);
    await cast.leaves(cast.ana);
    await cast.send("one", {});
    await cast.send("two", { kind: "groups", names: ["vans"] });
    await cast.send("three", { kind: "users", names: ["user-1"] });
    await cast.send("four", { kind: "connections", names: ["ana"] });
    received(cast, { ana: [], ben: ["one", "three"], cem: ["one"] });
  }),
  law("who has gone cannot be added to a group any more", async (cast) => {
    await cast.leaves(cast.cem);
    await cast.manager.addToGroup("cem", "vans");
    await cast.send("one", { kind: "groups", names: ["vans"] });
    received(cast, { ana: [], ben: [], cem: [] });
  }),
  law("a disconnect reaches each member once and nobody else", async (cast) => {
    for (const group of ["vans", "north"]) await cast.manager.addToGroup("ana", group);
    const audience = { kind: "groups", names: ["vans", "north"], except: null } as const;
    await cast.manager.disconnect(audience, { allowReconnect: true });
    await cast.settle();
    deepEqual([cast.ana.disconnects, cast.ben.disconnects], [[{ allowReconnect: true }], []]);
  }),
  law("what cannot be serialized is refused to the sender", async (cast) => {
    const refusing: RecordingConnection = {
      ...recordingConnection("dag", null),
      enqueue: () => {
        throw new TypeError("Do not know how to serialize a BigInt");
      },
    };
    await cast.manager.connected(refusing);
    await rejects(cast.send("one", { kind: "connections", names: ["dag"] }), TypeError);
  }),
];
