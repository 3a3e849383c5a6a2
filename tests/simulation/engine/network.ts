import type { Dice } from "./dice.ts";
import type { Machine, RestAnswer, RestRequest } from "./machine.ts";
import { type Line, type LineOwner, openWire, type Wire } from "./wire.ts";
import type { World } from "./world.ts";

/** The network of one client: its radio, its lines, its calls. */
export type Access = {
  dial(path: string, token: string | null, owner: LineOwner): Line;
  /** Answered with null when no answer came: then nobody knows whether it was done. */
  call(request: RestRequest, answer: (answer: RestAnswer | null) => void): void;
  /** While off nothing comes through, nobody is told, and what waits arrives late. */
  setRadio(on: boolean): void;
  /** Each line ends; either end may fail to notice. */
  cut(): void;
  /** The lines look open from both ends, and nothing goes through any more. */
  halfOpen(): void;
  /** The client's own process died: its operating system says so to the server, or its battery went with it. */
  abandon(says: boolean): void;
};

export type Weather = {
  /** Of a REST call, and of its answer. */
  lossProbability: number;
  slowProbability: number;
};

export type Network = {
  access(who: string, dice: Dice): Access;
  /** The server's process died: its operating system tells the clients, or the machine went with it. */
  serverDied(says: boolean): void;
};

const patienceMs = 10_000;

/** How a line really fares, which no client can know. */
export type NoteLine = (who: string, line: number, path: string, state: "tried" | "up" | "dead") => void;

export function createNetwork(
  world: World,
  machine: Machine,
  weather: Weather,
  note: NoteLine,
  noteRadio: (who: string, on: boolean) => void,
): Network {
  const wires = new Map<number, { readonly who: string; readonly wire: Wire; radioIsOn(): boolean }>();
  let lines = 0;

  return {
    access(who, dice) {
      let radioIsOn = true;
      const latency = () => (dice.chance(weather.slowProbability) ? dice.between(100, 400) : dice.between(4, 60));
      const mine = () => [...wires.values()].flatMap((entry) => (entry.who === who ? [entry.wire] : []));

      return {
        dial(path, token, owner) {
          const line = ++lines;
          const wire = openWire(path, token, {
            world,
            machine,
            owner,
            remoteAddress: who,
            latency,
            radioIsOn: () => radioIsOn,
            note: (state) => note(who, line, path, state),
            ended: () => wires.delete(line),
          });
          wires.set(line, { who, wire, radioIsOn: () => radioIsOn });
          return wire;
        },

        call(request, answer) {
          let settled = false;
          const settle = (reply: RestAnswer | null) => {
            if (settled) return;
            settled = true;
            answer(reply);
          };
          world.after(patienceMs, () => settle(null));
          if (dice.chance(weather.lossProbability)) return;
          const answerIsLost = dice.chance(weather.lossProbability);
          const back = latency();
          world.after(latency(), () => {
            if (!radioIsOn) return;
            machine.call(request, who, (reply) => {
              if (!answerIsLost) world.after(back, () => radioIsOn && settle(reply));
            });
          });
        },

        setRadio(on) {
          radioIsOn = on;
          noteRadio(who, on);
          if (on) for (const wire of mine()) wire.resume();
        },
        cut() {
          for (const wire of mine()) {
            const [client, server] = [!dice.chance(0.2), !dice.chance(0.2)];
            const wasAlive = wire.die();
            if (client) world.after(dice.between(0, 20), () => wire.clientNotices());
            if (server && wasAlive) world.after(dice.between(0, 20), () => wire.serverNotices());
          }
        },
        halfOpen() {
          for (const wire of mine()) wire.die();
        },
        abandon(says) {
          for (const wire of mine()) {
            const wasAlive = wire.die();
            wire.clientNotices();
            if (says && wasAlive) world.after(dice.between(0, 20), () => wire.serverNotices());
          }
        },
      };
    },

    serverDied(says) {
      for (const { wire, radioIsOn } of wires.values()) {
        wire.die();
        if (says) world.after(20, () => radioIsOn() && wire.clientNotices());
      }
    },
  };
}
