import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { ProblemError } from "../http/problem.ts";
import { type StoredMessage, toMessage } from "./message.ts";
import type { MessageFilter } from "./message-repository.ts";

export const messageNotFound = () => new ProblemError("not-found", "There is no such message.");

/** One message with its timeline. */
export const getMessage =
  (app: App): RestHandlers["getMessage"] =>
  async ({ principal }, { params }) => {
    const message = await app.messages.stored.find(principal.accountId, params.id);
    if (message === null) throw messageNotFound();
    return toMessage(message);
  };

/** The account's messages, the newest first. */
export const listMessages =
  (app: App): RestHandlers["listMessages"] =>
  ({ principal }, { query: { deviceId, state, ...page } }) =>
    pageOf(app, principal.accountId, { deviceId, state, order: "newest-first" }, page);

/** A phone's own messages. */
export const listDeviceMessages =
  (app: App): RestHandlers["listDeviceMessages"] =>
  ({ principal: { accountId, deviceId } }, { query: { pending, ...page } }) =>
    pageOf(
      app,
      accountId,
      pending === "true"
        ? { deviceId, pendingAt: app.clock.now(), order: "oldest-first" }
        : { deviceId, order: "newest-first" },
      page,
    );

async function pageOf(
  app: App,
  accountId: number,
  filter: Omit<MessageFilter, "after" | "limit">,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const after = cursor === undefined ? null : readIdCursor(cursor);
  // One more than asked for says whether there is another page.
  const found = await app.messages.stored.list(accountId, { ...filter, after, limit: limit + 1 });
  const page: readonly StoredMessage[] = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toMessage),
    nextCursor: last !== undefined && found.length > limit ? String(last.id) : null,
  };
}
