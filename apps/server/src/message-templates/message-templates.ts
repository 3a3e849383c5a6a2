import type { App } from "../app.ts";
import type { RestHandlers, UserPrincipal } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { ProblemError } from "../http/problem.ts";
import { type Editor, type TemplateRefusal, templatesMaximum } from "./template-repository.ts";

/** What the account says often, in the order of its making. */
export const listMessageTemplates =
  (app: App): RestHandlers["listMessageTemplates"] =>
  async ({ principal }, { query: { cursor, limit } }) => {
    const after = cursor === undefined ? 0 : readIdCursor(cursor);
    const found = await app.messageTemplates.list(principal.accountId, after, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last !== undefined && found.length > limit ? String(last.id) : null };
  };

/** Adds a template. */
export const createMessageTemplate =
  (app: App): RestHandlers["createMessageTemplate"] =>
  async ({ principal }, { body }) => {
    const template = await app.messageTemplates.create(editorOf(app, principal), body);
    if (template !== null) return template;
    throw new ProblemError(
      "limit-reached",
      `An account has at most ${templatesMaximum} templates. Delete one that nobody uses any more.`,
    );
  };

/** Replaces a template. */
export const replaceMessageTemplate =
  (app: App): RestHandlers["replaceMessageTemplate"] =>
  async ({ principal, ifMatch }, { params, body }) => {
    const outcome = await app.messageTemplates.replace(editorOf(app, principal), params.id, body, ifMatch);
    if (outcome.kind === "replaced") return outcome.template;
    throw refused(outcome);
  };

/** Deletes a template. */
export const deleteMessageTemplate =
  (app: App): RestHandlers["deleteMessageTemplate"] =>
  async ({ principal, ifMatch }, { params }) => {
    const outcome = await app.messageTemplates.remove(editorOf(app, principal), params.id, ifMatch);
    if (outcome.kind === "removed") return null;
    throw refused(outcome);
  };

const editorOf = (app: App, { accountId, userId }: UserPrincipal): Editor => ({
  accountId,
  userId,
  at: app.clock.now(),
});

function refused({ kind }: TemplateRefusal): ProblemError {
  switch (kind) {
    case "not-found":
      return new ProblemError("not-found", "There is no such template.");
    case "version-mismatch":
      return new ProblemError(
        "version-mismatch",
        "Somebody changed this template meanwhile. Load it again, then change it.",
      );
  }
}
