import type { MessageTemplate } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { sortedStatuses } from "../lib/rest.ts";

let fleet: Fleet;
type Page = { items: MessageTemplate[]; nextCursor: string | null };

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const depot = { title: "Depot", body: "Call the depot", displaySeconds: 60, quickReplies: ["Yes", "In ten minutes"] };
const make = async (account: string, body: unknown = depot) => {
  const { token } = await fleet.account(account);
  return fleet.rest<MessageTemplate>("POST /api/message-templates", { token, body });
};

describe("message templates", () => {
  test("are made, listed for users and phones of the account alone, replaced and deleted", async () => {
    const { token } = await fleet.account("north");
    const { accessToken } = await fleet.pair("north");
    const made = await make("north");
    expect([made.status, made.body]).toEqual([201, { ...depot, id: expect.any(Number), version: 1 }]);
    expect(made.headers.get("etag")).toBe('"1"');
    const listed = async (as: string) => (await fleet.rest<Page>("GET /api/message-templates", { token: as })).body;
    expect(await listed(token)).toEqual({ items: [made.body], nextCursor: null });
    expect(await listed(accessToken)).toEqual({ items: [made.body], nextCursor: null });
    expect(await listed((await fleet.account("south")).token)).toEqual({ items: [], nextCursor: null });
    expect(await listed((await fleet.pair("south")).accessToken)).toEqual({ items: [], nextCursor: null });

    const path = `/api/message-templates/${made.body.id}`;
    const replaced = await fleet.rest<MessageTemplate>(`PUT ${path}`, { token, body: { title: "T", body: "B" } });
    expect(replaced.body).toEqual({
      id: made.body.id,
      title: "T",
      body: "B",
      displaySeconds: 30,
      quickReplies: [],
      version: 2,
    });
    const late = await fleet.rest(`PUT ${path}`, { token, body: depot, headers: { "if-match": '"1"' } });
    expect([late.status, late.body]).toMatchObject([412, { code: "version-mismatch" }]);
    expect((await fleet.rest(`DELETE ${path}`, { token, headers: { "if-match": '"1"' } })).status).toBe(412);
    expect((await fleet.rest(`DELETE ${path}`, { token, headers: { "if-match": '"2"' } })).status).toBe(204);
    expect((await fleet.rest(`DELETE ${path}`, { token })).status).toBe(404);
    expect((await listed(token)).items).toEqual([]);

    const audit = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select("action")
      .where("entity", "=", "message-template")
      .execute();
    expect(audit.map(({ action }) => action)).toEqual([
      "message-template.created",
      "message-template.changed",
      "message-template.deleted",
    ]);
  });

  test("of another account are as if they were not there", async () => {
    const { body } = await make("north");
    const { token } = await fleet.account("south");
    const answers = [
      await fleet.rest(`PUT /api/message-templates/${body.id}`, { token, body: depot }),
      await fleet.rest(`DELETE /api/message-templates/${body.id}`, { token }),
    ];
    expect(sortedStatuses(answers)).toEqual([404, 404]);
  });

  test("are not for phones to change", async () => {
    const { accessToken } = await fleet.pair("north");
    const answer = await fleet.rest("POST /api/message-templates", { token: accessToken, body: depot });
    expect(answer.status).toBe(403);
  });

  test("changed by several at once on one version are won by one", async () => {
    const { token } = await fleet.account("north");
    const { body } = await make("north");
    const answers = await Promise.all(
      ["a", "b", "c"].map((title) =>
        fleet.rest(`PUT /api/message-templates/${body.id}`, {
          token,
          body: { ...depot, title },
          headers: { "if-match": '"1"' },
        }),
      ),
    );
    expect(sortedStatuses(answers)).toEqual([200, 412, 412]);
  });

  test("are at most two hundred, which a phone reads in one page", async () => {
    const { token } = await fleet.account("full");
    for (let count = 0; count < 200; count += 1) await make("full", { ...depot, title: `No. ${count}` });
    const full = await make("full");
    expect([full.status, full.body]).toMatchObject([409, { code: "limit-reached" }]);
    const page = await fleet.rest<Page>("GET /api/message-templates", { token });
    expect([page.body.items.length, page.body.nextCursor]).toEqual([200, null]);
    const first = await fleet.rest<Page>("GET /api/message-templates?limit=150", { token });
    const second = await fleet.rest<Page>(`GET /api/message-templates?cursor=${first.body.nextCursor}`, { token });
    expect([...first.body.items, ...second.body.items]).toEqual(page.body.items);
  });

  test.each([
    [{ title: "" }, "title"],
    [{ title: "x".repeat(101) }, "title"],
    [{ body: "" }, "body"],
    [{ displaySeconds: 3 }, "displaySeconds"],
    [{ quickReplies: ["Yes", "Yes"] }, "quickReplies"],
    [{ quickReplies: Array.from({ length: 9 }, (_, index) => `No. ${index}`) }, "quickReplies"],
    [{ quickReplies: [""] }, "quickReplies.0"],
    [{ quickReplies: ["x".repeat(61)] }, "quickReplies.0"],
    [{ quickReplies: "Yes" }, "quickReplies"],
    [{ id: 5 }, "id"],
  ])("with %j are refused", async (change, field) => {
    const answer = await make("north", { ...depot, ...change });
    expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    expect(Object.keys((answer.body as unknown as { errors: object }).errors)).toEqual([field]);
  });
});
