import type { AuthResponse, Device, Message, Rescue } from "@dsp-fleet/contract";
import type { Dice } from "../engine/dice.ts";
import type { RestAnswer, RestRequest } from "../engine/machine.ts";
import type { Access } from "../engine/network.ts";
import { accessTokenLifeMs } from "../engine/tokens.ts";
import type { World } from "../engine/world.ts";
import type { Fact, Log } from "../log.ts";
import { connectHub, type HubClient } from "./hub-client.ts";

export type DashboardParts = {
  readonly name: string;
  readonly email: string;
  readonly world: World;
  readonly access: Access;
  readonly dice: Dice;
  readonly log: Log;
  readonly marker: string;
  readonly foreignMarkers: readonly string[];
};

/** A dispatcher and the page that stays open in front of them. */
export type Dashboard = {
  readonly name: string;
  readonly accountId: number | null;
  /** Devices that it knows of. */
  readonly deviceIds: readonly number[];
  signIn(): void;
  enterCode(code: string): void;
  rename(deviceId: number): void;
  unbind(deviceId: number): void;
  send(deviceIds: readonly number[] | "all", lifeMs: number | null): void;
  /** One of the messages that it sent. */
  cancel(): void;
  startRescue(rescueeDeviceId: number, rescuerDeviceId: number): void;
  /** One of the sessions that it started. */
  endRescue(): void;
  /** Loads everything once more, to compare it with what is shown. */
  compare(): void;
};

const password = "correct horse";

export function createDashboard(parts: DashboardParts): Dashboard {
  const { name, world, access, dice, log } = parts;
  const write = (fact: Fact) => log.write(name, fact);
  const known = new Set<number>();
  let session: AuthResponse | null = null;
  let hub: HubClient | null = null;
  let renames = 0;
  let messages = 0;
  const sent: string[] = [];
  const rescues: string[] = [];

  function call(request: RestRequest, answered: (answer: RestAnswer | null) => void): void {
    access.call(request, (answer) => {
      if (answer !== null) heard(answer.text);
      answered(answer);
    });
  }
  const authorized = (request: RestRequest): RestRequest => ({ ...request, token: session?.accessToken ?? null });

  function heard(text: string): void {
    for (const marker of parts.foreignMarkers) if (text.includes(marker)) write({ what: "foreign", text });
  }

  function signIn(): void {
    call({ operation: "login", body: { email: parts.email, password } }, (answer) => {
      if (answer?.status !== 200) return void world.after(dice.between(500, 3_000), signIn);
      begin(JSON.parse(answer.text) as AuthResponse);
      write({ what: "signed-in", accountId: session?.account.id ?? 0, marker: parts.marker });
      if (hub === null) connect();
    });
  }

  /** Takes the new tokens over and renews them in time. */
  function begin(fresh: AuthResponse): void {
    session = fresh;
    world.after(accessTokenLifeMs * 0.6, () => {
      if (session === fresh) renew(fresh, world.now());
    });
  }

  /** Until an answer comes, with the same refresh token: the answer may have been lost. */
  function renew(from: AuthResponse, firstTriedAt: number): void {
    const { refreshToken } = from;
    const again = () => void world.after(dice.between(500, 4_000), () => renew(from, firstTriedAt));
    const renewed = (fresh: AuthResponse | null) => {
      if (session !== from) return;
      if (fresh !== null) return begin(fresh);
      write({ what: "signed-out", firstTriedAt });
      session = null;
      signIn();
    };
    if (hub?.isOpen === true && dice.chance(0.6)) {
      hub.invoke("RequestTokenRefresh", [refreshToken], (outcome) => {
        if (outcome.kind === "result") renewed(outcome.result as AuthResponse | null);
        else again();
      });
      return;
    }
    call({ operation: "refresh", body: { refreshToken } }, (answer) => {
      if (answer?.status === 200) renewed(JSON.parse(answer.text) as AuthResponse);
      else if (answer?.status === 401) renewed(null);
      else again();
    });
  }

  function connect(): void {
    // Signing in and the timer after a lost line may both come here: a page has one line.
    if (session === null || hub !== null) return;
    const again = () => {
      hub = null;
      world.after(dice.between(0, 2_000), connect);
    };
    hub = connectHub(world, access, "/hubs/fleet", session.accessToken, {
      opened() {
        write({ what: "hub-open", deviceId: null });
        load(false);
      },
      refused: again,
      closed() {
        write({ what: "hub-closed" });
        again();
      },
      event(event, args) {
        write({ what: "event", event, args });
        if (event === "DeviceAdded") known.add((args[0] as Device).id);
        if (event === "DeviceRemoved") known.delete(Number(args[0]));
      },
      heard,
    });
  }

  function load(final: boolean): void {
    const open = hub;
    if (!final) write({ what: "snapshot-asked" });
    call(authorized({ operation: "fleetLive" }), (answer) => {
      if (hub !== open && !final) return;
      if (answer?.status !== 200) return void world.after(500, () => hub === open && load(final));
      const { devices } = JSON.parse(answer.text) as { devices: Device[] };
      for (const { id } of devices) known.add(id);
      write({ what: "snapshot", devices, final });
    });
  }

  /** Until an answer comes, under the same key. */
  function order(key: string, body: { deviceIds: readonly number[] | "all"; body: string; expiresAt?: string }): void {
    write({ what: "message-asked", key, body: body.body });
    const request = authorized({ operation: "sendMessage", body, headers: { "idempotency-key": key } });
    call(request, (answer) => {
      if (answer === null || answer.status === 503 || answer.status === 401) {
        return void world.after(dice.between(200, 3_000), () => order(key, body));
      }
      const items = answer.status === 202 ? (JSON.parse(answer.text) as { items: Message[] }).items : [];
      sent.push(...items.map(({ id }) => id));
      write({ what: "message-answered", key, status: answer.status, items });
      if (dice.chance(0.1)) order(key, body);
    });
  }

  /** All messages of the account, page by page. */
  function page(before: Message[], cursor: string | null): void {
    const query = cursor === null ? { limit: "200" } : { limit: "200", cursor };
    call(authorized({ operation: "listMessages", query }), (answer) => {
      if (answer?.status !== 200) return;
      const { items, nextCursor } = JSON.parse(answer.text) as { items: Message[]; nextCursor: string | null };
      if (nextCursor === null) write({ what: "messages", items: [...before, ...items] });
      else page([...before, ...items], nextCursor);
    });
  }

  return {
    name,
    get accountId() {
      return session?.account.id ?? null;
    },
    get deviceIds() {
      return [...known];
    },
    signIn,
    enterCode(code) {
      write({ what: "bind-asked", code });
      const body = { code, name: `${parts.marker} ${code}` };
      call(authorized({ operation: "bindByCode", body }), (answer) => {
        const deviceId = answer?.status === 201 ? (JSON.parse(answer.text) as Device).id : null;
        write({ what: "bind-answered", code, status: answer?.status ?? null, deviceId });
      });
    },
    rename(deviceId) {
      const newName = `${parts.marker} renamed ${++renames} by ${name}`;
      const request = authorized({ operation: "updateDevice", params: { id: deviceId }, body: { name: newName } });
      call(request, (answer) => write({ what: "renamed", deviceId, status: answer?.status ?? null, name: newName }));
    },
    unbind(deviceId) {
      write({ what: "unbind-asked", deviceId });
      call(authorized({ operation: "unbindDevice", params: { id: deviceId } }), (answer) =>
        write({ what: "unbind-answered", deviceId, status: answer?.status ?? null }),
      );
    },
    send(deviceIds, lifeMs) {
      const body = `${parts.marker} message ${++messages} of ${name}`;
      const expiresAt = lifeMs === null ? {} : { expiresAt: new Date(world.now() + lifeMs).toISOString() };
      order(`${name}-${messages}`, { deviceIds, body, ...expiresAt });
    },
    cancel() {
      if (sent.length === 0) return;
      const messageId = dice.pick(sent);
      write({ what: "cancel-asked", messageId });
      call(authorized({ operation: "cancelMessage", params: { id: messageId } }), (answer) => {
        const state = answer?.status === 200 ? (JSON.parse(answer.text) as Message).state : null;
        write({ what: "cancel-answered", messageId, state });
      });
    },
    startRescue(rescueeDeviceId, rescuerDeviceId) {
      const request = authorized({ operation: "startRescue", body: { rescueeDeviceId, rescuerDeviceId } });
      call(request, (answer) => {
        const sessionId = answer?.status === 201 ? (JSON.parse(answer.text) as Rescue).sessionId : null;
        if (sessionId !== null) rescues.push(sessionId);
        write({ what: "rescue-started", sessionId, status: answer?.status ?? null });
      });
    },
    endRescue() {
      if (rescues.length === 0) return;
      const sessionId = dice.pick(rescues);
      const operation = dice.chance(0.5) ? "completeRescue" : "cancelRescue";
      call(authorized({ operation, params: { id: sessionId } }), (answer) =>
        write({ what: "rescue-ended", sessionId, status: answer?.status ?? null }),
      );
    },
    compare() {
      call(authorized({ operation: "listRescues", query: { limit: "200" } }), (answer) => {
        if (answer?.status === 200)
          write({ what: "rescues", items: (JSON.parse(answer.text) as { items: Rescue[] }).items });
      });
      load(true);
      page([], null);
    },
  };
}
