import { createHash } from "node:crypto";
import type { OpenFile } from "@dsp-fleet/server/inside";
import { type Counts, check, type Finding } from "./checks/check.ts";
import { createDashboard, type Dashboard } from "./clients/dashboard.ts";
import { createPhone, type Phone } from "./clients/phone.ts";
import { createDice, type Dice } from "./engine/dice.ts";
import { createMachine, type Machine } from "./engine/machine.ts";
import { type Access, createNetwork, type Network, type Weather } from "./engine/network.ts";
import { createStore, type Store } from "./engine/store.ts";
import { virtualTimers } from "./engine/timers.ts";
import { createWorld, startOfTime, type World } from "./engine/world.ts";
import { createLog, type Entry, type Log } from "./log.ts";
import type { Plant } from "./plants/plant.ts";

export type Run = {
  readonly seed: number;
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  readonly entries: readonly Entry[];
  /** Of all that was written down: two runs of one seed have the same. */
  readonly trace: string;
  readonly steps: number;
};

const seconds = 1_000;
const phones = 20;
const accounts = [
  { marker: "NORTHERN", dashboards: ["north-1", "north-2"] },
  { marker: "SOUTHERN", dashboards: ["south-1"] },
] as const;

const troubleFrom = 12 * seconds;
const troubleUntil = 75 * seconds;
/** Long enough after the last trouble for every time-out and resend to have had its turn. */
const parkAt = 150 * seconds;
const auditAt = 158 * seconds;
const compareAt = 166 * seconds;
const end = 170 * seconds;

/** Lives one seed through: the same seed, the same everything. */
export async function runSeed(seed: number, file: OpenFile, plant: Plant | null = null): Promise<Run> {
  const world = createWorld();
  const restoreTimers = virtualTimers(world);
  try {
    return await live(world, seed, file, plant);
  } finally {
    restoreTimers();
  }
}

async function live(world: World, seed: number, file: OpenFile, plant: Plant | null): Promise<Run> {
  const dice = createDice(seed);
  const log = createLog(world.now);
  using store = createStore(world, dice.fork("store"), file, plant?.store?.() ?? null);
  const machine = createMachine({
    world,
    dice: dice.fork("server"),
    store,
    plant,
    problem: (text) => log.write("server", { what: "server-error", text }),
    served: (process) => log.write("server", { what: "served", process }),
    died: (process) => log.write("server", { what: "died", process }),
  });
  const weather: Weather = { lossProbability: 0, slowProbability: 0 };
  const network = createNetwork(
    world,
    machine,
    weather,
    (who, line, path, state) => log.write(who, { what: "line", line, path, state }),
    (who, on) => log.write(who, { what: "radio", on }),
  );
  const cast = createCast({ world, dice, log, network });

  machine.start();
  world.after(1 * seconds, () => cast.begin());
  world.after(troubleFrom, () => Object.assign(weather, { lossProbability: 0.03, slowProbability: 0.1 }));
  world.after(troubleUntil, () => {
    Object.assign(weather, { lossProbability: 0, slowProbability: 0 });
    log.write("world", { what: "calm" });
  });
  planTrouble({ world, dice: dice.fork("trouble"), log, machine, network, store, cast });
  world.after(parkAt, () => cast.phones.forEach(({ phone }) => phone.park()));
  world.after(auditAt, () => cast.phones.forEach(({ phone }) => phone.audit()));
  world.after(compareAt, () => cast.dashboards.forEach(({ dashboard }) => dashboard.compare()));
  await world.runUntil(startOfTime + end);
  for (const { phone } of cast.phones) phone.close();
  machine.crash();

  const { findings, counts } = check(log.entries, world.now());
  const trace = createHash("sha256").update(JSON.stringify(log.entries)).digest("hex");
  return { seed, findings, counts, entries: log.entries, trace, steps: world.steps };
}

type Cast = {
  readonly phones: readonly { phone: Phone; access: Access }[];
  readonly dashboards: readonly { dashboard: Dashboard; access: Access }[];
  begin(): void;
};

function createCast(parts: { world: World; dice: Dice; log: Log; network: Network }): Cast {
  const { world, dice, log, network } = parts;
  const people = dice.fork("people");
  const accountIds = new Map<number, string>();
  const markers = accounts.map(({ marker }) => marker as string);

  const dashboards = accounts.flatMap(({ marker, dashboards: names }) =>
    names.map((name) => {
      const access = network.access(name, dice.fork(`network of ${name}`));
      const dashboard = createDashboard({
        name,
        email: `${marker.toLowerCase()}@fleet.test`,
        world,
        access,
        dice: dice.fork(name),
        log,
        marker,
        foreignMarkers: markers.filter((other) => other !== marker),
      });
      return { dashboard, access, marker };
    }),
  );

  /** Somebody enters it; now and then two people do, and not always of one firm. */
  function showCode(code: string): void {
    const typists = people.chance(0.15)
      ? [people.pick(dashboards), people.pick(dashboards)]
      : [people.pick(dashboards)];
    const at = people.between(300, 5_000);
    for (const { dashboard } of typists) {
      const wrong = people.chance(0.02) ? "AAAAAA" : code;
      world.after(at + people.between(0, 3) * people.between(0, 400), () => dashboard.enterCode(wrong));
    }
  }

  const devices = Array.from({ length: phones }, (_, index) => {
    const name = `phone-${index}`;
    const access = network.access(name, dice.fork(`network of ${name}`));
    const phone = createPhone({
      name,
      index,
      world,
      access,
      dice: dice.fork(name),
      log,
      pairsBy: index % 4 === 3 ? "connection" : "guid",
      clockAheadMs: clockAheadMs(dice.fork(`clock of ${name}`), index),
      foreignMarkers: (accountId) => markers.filter((marker) => marker !== accountIds.get(accountId ?? -1)),
      markerOf: (accountId) => accountIds.get(accountId) ?? "nobody",
      showCode,
    });
    return { phone, access };
  });

  return {
    phones: devices,
    dashboards,
    begin() {
      for (const { marker } of accounts) {
        const office = network.access(`office of ${marker}`, dice.fork(`office ${marker}`));
        const body = {
          email: `${marker.toLowerCase()}@fleet.test`,
          password: "correct horse",
          displayName: marker,
          accountName: marker,
          country: "DE",
          timezone: "Europe/Berlin",
        };
        office.call({ operation: "register", body }, (answer) => {
          const { account } = JSON.parse(answer?.text ?? "{}") as { account: { id: number } };
          accountIds.set(account.id, marker);
          for (const one of dashboards) if (one.marker === marker) one.dashboard.signIn();
        });
      }
      for (const [index, { phone }] of devices.entries()) {
        world.after(people.between(1_000, index < 14 ? 6_000 : 60_000), () => phone.start());
      }
    },
  };
}

/** Odd, so that no fix has the time of an arrival. Most phones know the time; some are days off, one is 1,024 weeks back. */
function clockAheadMs(dice: Dice, index: number): number {
  const off = dice.between(-700, 700) * 2 + 1;
  if (index === 17) return off - 1_024 * 7 * 86_400_000;
  if (index === 18) return off + dice.pick([-3, -1, 1, 5]) * 86_400_000;
  if (index === 19) return off + dice.pick([-90, 30, 90]) * seconds;
  return off;
}

function planTrouble(parts: {
  world: World;
  dice: Dice;
  log: Log;
  machine: Machine;
  network: Network;
  store: Store;
  cast: Cast;
}): void {
  const { world, dice, log, machine, network, store, cast } = parts;
  const sometime = (run: () => void) => void world.after(dice.between(troubleFrom, troubleUntil - 1), run);
  const times = (most: number, run: () => void) => {
    for (let left = dice.between(0, most); left > 0; left -= 1) run();
  };

  function crashServer(): void {
    if (machine.serving === null) return;
    machine.crash();
    network.serverDied(dice.chance(0.8));
    world.after(dice.chance(0.8) ? dice.between(400, 2_500) : dice.between(4_000, 12_000), () => machine.start());
  }

  times(2, () => sometime(crashServer));
  // In the middle of something: before or after a statement is done, and before its answer.
  times(2, () =>
    sometime(() => store.interrupt(dice.between(1, 60), dice.chance(0.5) ? "before" : "after", crashServer)),
  );
  times(1, () =>
    sometime(() => {
      const full = (isFull: boolean) => {
        store.full(isFull);
        log.write("world", { what: "disk", full: isFull });
      };
      full(true);
      world.after(dice.between(200, 5_000), () => full(false));
    }),
  );

  for (const { phone, access } of cast.phones) {
    times(2, () =>
      sometime(() =>
        dice.pick([
          () => access.cut(),
          () => access.halfOpen(),
          () => {
            access.setRadio(false);
            world.after(dice.between(500, dice.chance(0.7) ? 9_000 : 45_000), () => access.setRadio(true));
          },
          () => {
            phone.crash();
            world.after(dice.between(200, dice.chance(0.7) ? 8_000 : 50_000), () => phone.start());
          },
        ])(),
      ),
    );
  }
  for (const { dashboard, access } of cast.dashboards) {
    times(1, () => sometime(() => dice.pick([() => access.cut(), () => access.halfOpen()])()));
    const withSome = (run: (deviceId: number) => void) => () => {
      if (dashboard.deviceIds.length > 0) run(dice.pick(dashboard.deviceIds));
    };
    times(3, () => sometime(withSome((deviceId) => dashboard.rename(deviceId))));
    times(1, () => sometime(withSome((deviceId) => dashboard.unbind(deviceId))));
    times(8, () => sometime(withSome((deviceId) => dashboard.send([deviceId], null))));
    times(2, () => sometime(withSome((deviceId) => dashboard.send([deviceId], dice.between(1_000, 60_000)))));
    times(1, () => sometime(() => dashboard.send("all", null)));
    times(2, () => sometime(() => dashboard.cancel()));
    times(4, () =>
      sometime(
        withSome((deviceId) => {
          const other = dice.pick(dashboard.deviceIds);
          if (other !== deviceId) dashboard.startRescue(deviceId, other);
        }),
      ),
    );
    times(4, () => sometime(() => dashboard.endRescue()));
    // More than may be under way to one phone at once.
    if (dice.chance(0.15)) {
      sometime(
        withSome((deviceId) => {
          for (let left = 40; left > 0; left -= 1) dashboard.send([deviceId], null);
        }),
      );
    }
  }
}
