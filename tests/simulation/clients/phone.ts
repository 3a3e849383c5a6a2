import type { DeviceBound } from "@dsp-fleet/contract";
import type { Dice } from "../engine/dice.ts";
import type { Access } from "../engine/network.ts";
import type { World } from "../engine/world.ts";
import type { Fact, Log } from "../log.ts";
import { connectHub, type HubClient, type HubClientOwner } from "./hub-client.ts";
import { createInbox } from "./inbox.ts";
import { createReporting, type Reporting } from "./reporting.ts";

export type PhoneParts = {
  readonly name: string;
  /** Stands in every position that the phone reports. */
  readonly index: number;
  readonly world: World;
  readonly access: Access;
  readonly dice: Dice;
  readonly log: Log;
  readonly pairsBy: "guid" | "connection";
  /** ms that the phone's clock is ahead; odd. */
  readonly clockAheadMs: number;
  /** Words that only clients of other accounts may ever hear. */
  foreignMarkers(accountId: number | null): readonly string[];
  markerOf(accountId: number): string;
  /** A person reads the code from the screen. */
  showCode(code: string): void;
};

/** A phone written from the contract. What it keeps in its flash survives its crashes. */
export type Phone = {
  readonly name: string;
  readonly deviceId: number | null;
  start(): void;
  crash(): void;
  /** Takes no more fixes. */
  park(): void;
  /** Reports what it was told is kept, all of it, once more. */
  audit(): void;
  /** The end: writes down when it last heard anything. */
  close(): void;
};

export type PhoneLife = PhoneParts & {
  write(fact: Fact): void;
  /** As long as this run of the phone lasts. */
  later(ms: number, run: () => void): void;
  now(): number;
};

type Flash = { guid: string; bound: DeviceBound | null };

export function createPhone(parts: PhoneParts): Phone {
  const { name, world, access, dice, log } = parts;
  let lives = 0;
  let running = false;
  let hub: HubClient | null = null;
  let shownCode = "";
  let noteLastHeard = () => {};
  const newGuid = () => Buffer.from(dice.bytes(16)).toString("hex");
  const flash: Flash = { guid: newGuid(), bound: null };

  const life: PhoneLife = {
    ...parts,
    write: (fact) => log.write(name, fact),
    later(ms, run) {
      const own = lives;
      world.after(ms, () => {
        if (running && own === lives) run();
      });
    },
    now: () => world.now() + parts.clockAheadMs,
  };
  const reporting: Reporting = createReporting(life);
  const inbox = createInbox(life);

  const heard = (text: string) => {
    if (flash.bound === null && text.includes("DeviceBound")) return;
    for (const marker of parts.foreignMarkers(flash.bound?.accountId ?? null))
      if (text.includes(marker)) life.write({ what: "foreign", text });
  };

  function connect(path: string, token: string | null, owner: Omit<HubClientOwner, "heard">): void {
    hub = connectHub(world, access, path, token, { ...owner, heard });
  }
  const again = (how: () => void) => life.later(dice.between(0, 4_000), how);

  function pair(): void {
    if (parts.pairsBy === "connection") return waitForBinding();
    const body = { deviceGuid: flash.guid, platform: "android", model: name };
    access.call({ operation: "initDevice", body }, (answer) => {
      if (!running || flash.bound !== null) return;
      if (answer?.status !== 200) return again(pair);
      shownCode = (JSON.parse(answer.text) as { code: string }).code;
      life.write({ what: "code", code: shownCode, by: "guid" });
      parts.showCode(shownCode);
      waitForBinding();
    });
  }

  function waitForBinding(): void {
    connect("/hubs/pairing", null, {
      opened() {
        if (parts.pairsBy === "guid") {
          hub?.invoke("RegisterConnectionForPairing", [flash.guid], (outcome) => {
            if (outcome.kind === "result") life.write({ what: "registered", pending: outcome.result === true });
            if (outcome.kind === "error") life.write({ what: "call-failed", method: "Register", error: outcome.error });
          });
          return;
        }
        hub?.invoke("RequestPairingCode", [], (outcome) => {
          if (outcome.kind === "error") life.write({ what: "call-failed", method: "Request", error: outcome.error });
          if (outcome.kind !== "result") return;
          shownCode = String(outcome.result);
          life.write({ what: "code", code: shownCode, by: "connection" });
          parts.showCode(shownCode);
        });
      },
      refused: () => again(waitForBinding),
      closed: () => {
        if (flash.bound === null) again(waitForBinding);
      },
      event(event, [bound]) {
        if (event !== "DeviceBound" || flash.bound !== null) return;
        flash.bound = bound as DeviceBound;
        const { deviceId, accountId } = flash.bound;
        life.write({ what: "bound", deviceId, accountId, code: shownCode });
        hub?.stop();
        drive();
      },
    });
  }

  function hearRescue(deviceId: number, name: string, said: unknown): void {
    if (name === "RescuePeerLocation") {
      life.write({ what: "peer-heard", deviceId, peerDeviceId: (said as { peerDeviceId: number }).peerDeviceId });
      return;
    }
    const event = name === "RescueSessionStarted" ? "started" : name === "RescueSessionEnded" ? "ended" : null;
    if (event === null) return;
    const session = said as { sessionId: string; yourRole?: string };
    // What is told to the whole account is not this phone's.
    if (event === "ended" || session.yourRole !== undefined)
      life.write({ what: "rescue-heard", deviceId, event, sessionId: session.sessionId });
  }

  function drive(): void {
    const { bound } = flash;
    if (bound === null) return pair();
    let line: HubClient | null = null;
    noteLastHeard = () => {
      if (line !== null) life.write({ what: "last-heard", deviceId: bound.deviceId, heardAt: line.lastHeardAt });
    };
    connect("/hubs/fleet", bound.accessToken, {
      opened() {
        line = hub;
        life.write({ what: "hub-open", deviceId: bound.deviceId });
        if (hub === null) return;
        reporting.online(hub, bound);
        inbox.online(hub, bound);
      },
      refused(status) {
        if (status !== 401) return again(drive);
        life.write({ what: "refused", path: "/hubs/fleet", status, token: `device ${bound.deviceId}` });
        // The account has let it go: a new life under a new secret.
        flash.bound = null;
        flash.guid = newGuid();
        reporting.unbound();
        inbox.unbound();
        again(pair);
      },
      closed() {
        life.write({ what: "hub-closed" });
        noteLastHeard();
        reporting.offline();
        inbox.offline();
        again(drive);
      },
      event(event, args) {
        inbox.hear(event, args);
        hearRescue(bound.deviceId, event, args[0]);
      },
    });
  }

  return {
    name,
    get deviceId() {
      return flash.bound?.deviceId ?? null;
    },
    start() {
      if (running) return;
      running = true;
      lives += 1;
      life.write({ what: "phone-started", index: parts.index, clockAheadMs: parts.clockAheadMs });
      drive();
    },
    crash() {
      if (!running) return;
      running = false;
      life.write({ what: "phone-crashed" });
      hub?.forget();
      hub = null;
      reporting.offline();
      inbox.offline();
      access.abandon(dice.chance(0.5));
    },
    park: () => reporting.park(),
    audit: () => reporting.audit(),
    close: () => noteLastHeard(),
  };
}
