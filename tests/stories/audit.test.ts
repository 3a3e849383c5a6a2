import { type AuthResponse, type OperationId, operations } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restAccess } from "../lib/access-table.ts";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { oneMore } from "../lib/things.ts";
import { type ValidRequest, validRequests } from "../lib/valid-bodies.ts";
import { aCircle } from "../lib/zones.ts";

type Entry = { id: number; at: string; actor: string; action: string; entity: string; entityId: string };
type Page = { items: Entry[]; nextCursor: string | null };

let fleet: Fleet;
let requests: Map<string, ValidRequest>;

beforeAll(async () => {
  fleet = await startFleet();
  requests = validRequests((await fleet.rest<Parameters<typeof validRequests>[0]>("GET /openapi/v1.json")).body);
});
afterAll(() => fleet[Symbol.asyncDispose]());

const audit = async (token: string, query = "") => (await fleet.rest<Page>(`GET /api/audit${query}`, { token })).body;

async function signInAgain(account: string): Promise<AuthResponse> {
  const { email, password } = await fleet.account(account);
  return (await fleet.rest<AuthResponse>("POST /api/auth/login", { body: { email, password } })).body;
}
const aVan = async (account: string) => (await fleet.pair(account)).deviceId;

/** What a call needs to succeed, where the example in the contract and a fresh thing are not enough. */
type Success = { id?: string; body?: unknown };
const successes: Partial<Record<OperationId, (account: string) => Promise<Success>>> = {
  logout: async (account) => ({ body: { refreshToken: (await signInAgain(account)).refreshToken } }),
  endSession: async (account) => {
    const { token } = await fleet.account(account);
    await signInAgain(account);
    const { body } = await fleet.rest<{ items: { id: string; isCurrent: boolean }[] }>("GET /api/auth/sessions", {
      token,
    });
    return { id: body.items.find(({ isCurrent }) => !isCurrent)?.id ?? "" };
  },
  changePassword: async (account) => ({
    body: { currentPassword: (await fleet.account(account)).password, newPassword: "another password" },
  }),
  deleteAccount: async (account) => ({
    body: { password: (await fleet.account(account)).password, accountName: account },
  }),
  bindByCode: async () => ({ body: { code: (await fleet.phone()).code, name: "Van" } }),
  sendMessage: async (account) => ({ body: { deviceIds: [await aVan(account)], body: "Hello" } }),
  startRescue: async (account) => ({
    body: { rescueeDeviceId: await aVan(account), rescuerDeviceId: await aVan(account) },
  }),
  stopFastLocation: async (account) => {
    const { token } = await fleet.account(account);
    const id = String(await aVan(account));
    const body = { intervalSeconds: 5, durationSeconds: 60 };
    await fleet.rest(`POST /api/devices/${id}/fast-location`, { token, body });
    return { id };
  },
  createZone: async () => ({ body: aCircle(41, 2, 200) }),
  updateZone: async (account) => ({
    id: await oneMore(fleet, account, "zone", "before"),
    body: aCircle(41, 2, 300, { name: "After" }),
  }),
};

/** Operations of people that change nothing which anybody would ask about, with the reason. */
const leaveNoRow: Partial<Record<OperationId, string>> = {};

const changing = (Object.keys(operations) as OperationId[]).filter((id) => {
  const [who] = [restAccess[id]].flat();
  return operations[id].method !== "GET" && !["anyone", "device", "operator"].includes(who ?? "");
});

describe("whoever changes something", () => {
  test.each(changing)("by %s leaves a row that names them", async (id) => {
    const account = `audited-${id}`;
    const owner = await fleet.account(account);
    const thing = [restAccess[id]].flat()[1];
    const success = (await successes[id]?.(account)) ?? {};
    const inPath =
      success.id ?? (thing === undefined ? "" : await oneMore(fleet, account, thing as "device", `of-${id}`));
    const body = success.body ?? requests.get(id)?.body;
    const rows = () =>
      fleet.server.app.database.queries
        .selectFrom("audit")
        .selectAll()
        .where("account_id", "=", owner.id)
        .orderBy("id")
        .execute();
    const before = await rows();
    const { method, path } = operations[id];
    const answer = await fleet.rest(`${method} ${path.replaceAll(/\{\w+\}/g, inPath)}`, {
      token: owner.token,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, answer.text).toBeLessThan(300);
    const left = (await rows()).slice(before.length);
    if (leaveNoRow[id] !== undefined) return;
    expect(left.length).toBeGreaterThan(0);
    expect(left.map(({ actor }) => actor)).toContain(`user:${owner.auth.user.id}`);
  });
});

describe("the audit log", () => {
  test("shows an owner who changed what, the latest first, in pages", async () => {
    const { token, auth } = await fleet.account("reads");
    const van = await fleet.pair("reads", { name: "Before" });
    await fleet.rest(`PATCH /api/devices/${van.deviceId}`, { token, body: { name: "After" } });
    const { items } = await audit(token);
    expect(items[0]).toMatchObject({
      actor: `user:${auth.user.id}`,
      action: "device.changed",
      entity: "device",
      entityId: String(van.deviceId),
      detail: { before: { name: "Before" }, after: { name: "After" } },
    });
    const seen: Entry[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page = await audit(token, `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(items);
  });

  test("can be asked for one actor, one kind of thing, one thing, and a time", async () => {
    const { token, auth } = await fleet.account("filters");
    const ben = await fleet.colleague("filters", "dispatcher");
    const [one, other] = [await fleet.pair("filters"), await fleet.pair("filters")];
    await fleet.rest(`PATCH /api/devices/${one.deviceId}`, { token: ben.token, body: { name: "By Ben" } });
    const actions = async (query: string) => (await audit(token, query)).items.map(({ action }) => action);
    expect(await actions(`?actor=user:${ben.id}`)).toEqual(["device.changed", "session.begun", "user.joined"]);
    expect(await actions(`?entity=device:${one.deviceId}`)).toEqual(["device.changed", "device.bound"]);
    expect(await actions(`?entity=device:${other.deviceId}&actor=user:${auth.user.id}`)).toEqual(["device.bound"]);
    expect(await actions("?entity=device")).toHaveLength(3);
    const [last] = (await audit(token)).items;
    expect((await actions(`?from=${last?.at ?? ""}`))[0]).toBe("device.changed");
    expect(await actions(`?to=${last?.at ?? ""}`)).not.toContain("device.changed");
    expect(await actions("?from=2100-01-01T00:00:00Z")).toEqual([]);
  });

  test.each(["from=yesterday", "limit=0", "limit=201", "cursor=x"])("refuses %s", async (query) => {
    const { token } = await fleet.account("refuses");
    expect((await fleet.rest(`GET /api/audit?${query}`, { token })).status).toBe(400);
  });

  test("holds no password, no token, no code, and no position", async () => {
    const { id, password } = await fleet.account("secrets");
    const van = await fleet.device({ account: "secrets" });
    await van.reportLocation({ lat: 12.345678, lon: 98.765432 });
    const invited = await fleet.invite("secrets", { email: "s@secrets.example", role: "viewer" });
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .selectAll()
      .where("account_id", "=", id)
      .execute();
    const text = JSON.stringify(rows);
    for (const secret of [password, van.token, invited.token, "12.345678"]) expect(text).not.toContain(secret);
  });
});
