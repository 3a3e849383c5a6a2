import type { AuthResponse, Invitation, Member } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const accept = (token: string, email?: string) =>
  fleet.rest<AuthResponse & { code: string }>("POST /api/auth/accept-invite", {
    body: { token, password: "a password", ...(email === undefined ? {} : { displayName: email }) },
  });
const patch = (token: string, id: number, body: object) =>
  fleet.rest<Member & { code: string }>(`PATCH /api/users/${id}`, { token, body });
const remove = (token: string, id: number) => fleet.rest(`DELETE /api/users/${id}`, { token });
async function people(account: string): Promise<Member[]> {
  const { token } = await fleet.account(account);
  return (await fleet.rest<{ items: Member[] }>("GET /api/users", { token })).body.items;
}
/** An account of its own for each test, with its owner. */
async function anAccount(name: string) {
  const { auth, token, id } = await fleet.account(name);
  return { token, id, ownerId: auth.user.id };
}
const within = async <T>(ms: number, what: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  });
  return Promise.race([what, late]).finally(() => clearTimeout(timer));
};

describe("an invitation", () => {
  test("shows its link once, and makes whoever follows it a user with the role that was meant", async () => {
    const { token } = await anAccount("invites");
    const invited = await fleet.invite("invites", { email: "Ben@invites.example", role: "dispatcher" });
    expect(invited).toMatchObject({
      inviteUrl: `${fleet.address}/accept-invite#${invited.token}`,
      member: { email: "ben@invites.example", role: "dispatcher", state: "invited", displayName: "ben" },
    });
    const listed = await fleet.rest("GET /api/users", { token });
    expect(listed.text).not.toContain(invited.token);

    const joined = await accept(invited.token, "Ben");
    expect(joined.status).toBe(201);
    expect(joined.body.user).toEqual({
      id: invited.member.id,
      email: "ben@invites.example",
      displayName: "Ben",
      role: "dispatcher",
    });
    expect(await people("invites")).toMatchObject([
      { state: "active", role: "owner" },
      { state: "active", inviteExpiresAt: null },
    ]);
    const login = await fleet.rest("POST /api/auth/login", {
      body: { email: "ben@invites.example", password: "a password" },
    });
    expect(login.status).toBe(200);
  });

  test("is good once, also for two at the same moment; used, wrong, old and taken back look alike", async () => {
    const { token } = await anAccount("once");
    const invite = (email: string) => fleet.invite("once", { email, role: "viewer" });
    const raced = await invite("raced@once.example");
    expect(sortedStatuses(await Promise.all([1, 2, 3].map(() => accept(raced.token))))).toEqual([201, 404, 404]);

    const [old, back] = [await invite("old@once.example"), await invite("back@once.example")];
    await remove(token, back.member.id);
    clock.leap(7 * 24 * 3_600_000 + 1_000);
    const refused = [raced.token, "A".repeat(43), old.token, back.token];
    const answers = [];
    for (const each of refused) answers.push(await accept(each));
    expect(answers[0]?.body).toMatchObject({ code: "invitation-unknown" });
    expect(new Set(answers.map(withoutTraceId)).size).toBe(1);
    await fleet.signIn("once");
  });

  test("made again for the same address gives a fresh link to the same person, and the first is dead", async () => {
    await anAccount("again");
    const first = await fleet.invite("again", { email: "a@again.example", role: "viewer" });
    const second = await fleet.invite("again", { email: "A@again.example", role: "dispatcher" });
    expect(second.member.id).toBe(first.member.id);
    expect((await accept(first.token)).status).toBe(404);
    expect((await accept(second.token)).body.user).toMatchObject({ role: "dispatcher" });
  });

  test("keeps the address from nobody: another firm invites it too, and whoever is first has it", async () => {
    await anAccount("first-firm");
    await anAccount("second-firm");
    const email = "wanted@example.com";
    const one = await fleet.invite("first-firm", { email, role: "viewer" });
    const two = await fleet.invite("second-firm", { email, role: "viewer" });
    expect((await accept(two.token)).status).toBe(201);
    const late = await accept(one.token);
    expect([late.status, late.body.code]).toEqual([409, "email-in-use"]);
    const { token } = await fleet.account("first-firm");
    const again = await fleet.rest("POST /api/users", { token, body: { email, role: "viewer" } });
    expect([again.status, again.body]).toMatchObject([409, { code: "email-in-use" }]);
  });

  test("signs nobody in before it is accepted", async () => {
    await anAccount("early");
    const { member } = await fleet.invite("early", { email: "early@early.example", role: "owner" });
    for (const email of [member.email, `invitation:${member.id}`]) {
      for (const password of ["", "a password"]) {
        const { status } = await fleet.rest("POST /api/auth/login", { body: { email, password } });
        expect(status).toBe(401);
      }
    }
  });

  test("keeps its token as a hash alone", async () => {
    await anAccount("hashed");
    const { token } = await fleet.invite("hashed", { email: "h@hashed.example", role: "viewer" });
    const rows = await fleet.server.app.database.queries.selectFrom("users").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe("somebody who is disabled or removed", () => {
  test.each(["disabled", "removed"])("when %s, is out at once: tokens, session, live connection", async (how) => {
    const { token, ownerId } = await anAccount(`out-${how}`);
    const ben = await fleet.colleague(`out-${how}`, "dispatcher");
    const screen = await fleet.hub("/hubs/fleet", { token: ben.token, reconnect: [0, 0, 0] });
    const own = await fleet.dashboard(`out-${how}`);
    if (how === "disabled") expect((await patch(token, ben.id, { disabled: true })).body.state).toBe("disabled");
    else expect((await remove(token, ben.id)).status).toBe(204);

    await within(1_000, screen.closed);
    expect((await fleet.rest("GET /api/devices", { token: ben.token })).status).toBe(401);
    await expect(fleet.hub("/hubs/fleet", { token: ben.token })).rejects.toThrow("401");
    const refreshed = await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: ben.auth.refreshToken } });
    expect(refreshed.status).toBe(401);
    const login = await fleet.rest("POST /api/auth/login", { body: { email: ben.email, password: ben.password } });
    expect([login.status, login.body]).toMatchObject([401, { code: "invalid-credentials" }]);
    expect(own.connection.state).toBe("Connected");
    expect((await people(`out-${how}`)).map(({ id }) => id)).toEqual(
      how === "disabled" ? [ownerId, ben.id] : [ownerId],
    );
  });

  test("stays out when the server starts again", async () => {
    const { token } = await anAccount("restarted");
    const [gone, off, out] = [
      await fleet.colleague("restarted", "viewer"),
      await fleet.colleague("restarted", "viewer"),
      await fleet.colleague("restarted", "viewer"),
    ];
    await remove(token, gone.id);
    await patch(token, off.id, { disabled: true });
    await fleet.rest("POST /api/auth/logout", { token: out.token, body: { refreshToken: out.auth.refreshToken } });
    await fleet.restart();
    for (const each of [gone, off, out]) {
      expect((await fleet.rest("GET /api/devices", { token: each.token })).status).toBe(401);
    }
    expect((await fleet.rest("GET /api/devices", { token })).status).toBe(200);
  });

  test("and is enabled again, signs in anew: the tokens of before stay dead", async () => {
    const { token } = await anAccount("back");
    const ben = await fleet.colleague("back", "viewer");
    await patch(token, ben.id, { disabled: true });
    expect((await patch(token, ben.id, { disabled: false })).body.state).toBe("active");
    expect((await fleet.rest("GET /api/devices", { token: ben.token })).status).toBe(401);
    const login = await fleet.rest<AuthResponse>("POST /api/auth/login", {
      body: { email: ben.email, password: ben.password },
    });
    expect((await fleet.rest("GET /api/devices", { token: login.body.accessToken })).status).toBe(200);
  });
});

describe("a role", () => {
  test("changes for tokens that are out already", async () => {
    const { token } = await anAccount("roles");
    const ben = await fleet.colleague("roles", "viewer");
    const mayInvite = async () =>
      (await fleet.rest("POST /api/users", { token: ben.token, body: { email: "x@roles.example", role: "viewer" } }))
        .status;
    expect(await mayInvite()).toBe(403);
    await patch(token, ben.id, { role: "owner" });
    expect(await mayInvite()).toBe(201);
    await patch(token, ben.id, { role: "dispatcher" });
    expect(await mayInvite()).toBe(403);
  });

  test("changes for live connections without closing them", async () => {
    const { token } = await anAccount("live-roles");
    const ben = await fleet.colleague("live-roles", "viewer");
    const screen = await fleet.hub("/hubs/fleet", { token: ben.token });
    await patch(token, ben.id, { role: "dispatcher" });
    const renewed = await screen.invoke<AuthResponse>("RequestTokenRefresh", ben.auth.refreshToken);
    expect(renewed.user.role).toBe("dispatcher");
    expect(screen.connection.state).toBe("Connected");
  });

  test("cannot be given or taken by anybody but an owner", async () => {
    await anAccount("not-theirs");
    const { id } = await fleet.colleague("not-theirs", "viewer");
    const dispatcher = await fleet.colleague("not-theirs", "dispatcher");
    for (const answer of [
      await patch(dispatcher.token, dispatcher.id, { role: "owner" }),
      await patch(dispatcher.token, id, { disabled: true }),
      await remove(dispatcher.token, id),
      await fleet.rest("GET /api/users", { token: dispatcher.token }),
    ]) {
      expect([answer.status, answer.body]).toMatchObject([403, { code: "forbidden" }]);
    }
  });
});

describe("the last owner", () => {
  test("cannot be demoted, disabled or removed; an invited or a disabled owner does not count", async () => {
    const { token, ownerId } = await anAccount("lonely");
    await fleet.invite("lonely", { email: "later@lonely.example", role: "owner" });
    const off = await fleet.colleague("lonely", "owner");
    await patch(token, off.id, { disabled: true });
    for (const answer of [
      await patch(token, ownerId, { role: "dispatcher" }),
      await patch(token, ownerId, { disabled: true }),
      await remove(token, ownerId),
    ]) {
      expect([answer.status, answer.body]).toMatchObject([409, { code: "last-owner" }]);
    }
    expect((await patch(token, ownerId, { displayName: "Still here" })).body).toMatchObject({
      role: "owner",
      state: "active",
    });
  });

  test("is still there when two owners demote, disable or remove each other at the same moment", async () => {
    for (const [round, act] of [
      (token: string, id: number) => patch(token, id, { role: "viewer" }),
      (token: string, id: number) => patch(token, id, { disabled: true }),
      remove,
    ].entries()) {
      const name = `duel-${round}`;
      const { token, ownerId } = await anAccount(name);
      const other = await fleet.colleague(name, "owner");
      await Promise.all([act(token, other.id), act(other.token, ownerId)]);
      const left = await fleet.server.app.database.queries
        .selectFrom("users")
        .select("id")
        .where("account_id", "=", (await fleet.account(name)).id)
        .where("role", "=", "owner")
        .where("disabled_at", "is", null)
        .execute();
      expect(left).toHaveLength(1);
    }
  });
});

describe("the list of people", () => {
  test("comes in pages, and refuses a cursor that it did not give", async () => {
    const { token } = await anAccount("paged");
    for (const name of ["a", "b", "c"]) await fleet.invite("paged", { email: `${name}@paged.example`, role: "viewer" });
    const seen: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { body: { items: Member[]; nextCursor: string | null } } = await fleet.rest(
        `GET /api/users?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`,
        { token },
      );
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual((await people("paged")).map(({ id }) => id));
    expect(seen).toHaveLength(4);
    expect((await fleet.rest("GET /api/users?cursor=x", { token })).status).toBe(400);
  });
});

test("an invitation says what it is in the contract's words", async () => {
  await anAccount("shape");
  const invited: Invitation = await fleet.invite("shape", {
    email: "s@shape.example",
    role: "viewer",
    displayName: "S",
  });
  expect(Date.parse(invited.expiresAt) - clock.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);
});
