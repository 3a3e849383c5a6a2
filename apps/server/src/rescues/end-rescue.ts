import type { RescueEndReason } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import type { RestHandlers, UserPrincipal } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { takeFrom } from "../limits/take-from.ts";
import { rescueNotFound } from "./read-rescues.ts";
import { toRescue } from "./rescue.ts";

/** The rescue did its work. */
export const completeRescue =
  (app: App): RestHandlers["completeRescue"] =>
  ({ principal }, { params }) =>
    endRescue(app, principal, params.id, "completed");

/** The rescue is called off. */
export const cancelRescue =
  (app: App): RestHandlers["cancelRescue"] =>
  ({ principal }, { params }) =>
    endRescue(app, principal, params.id, "cancelled_by_dispatcher");

/** Ending again in the same way answers the same; the other way is refused, for what was told stays true. */
async function endRescue(
  app: App,
  { accountId, userId }: UserPrincipal,
  sessionId: string,
  reason: RescueEndReason,
): Promise<ReturnType<typeof toRescue>> {
  takeFrom(app.rescues.requests, userId);
  const outcome = await app.rescues.end({ accountId, sessionId, reason, endedBy: userId });
  if (outcome.kind === "not-found") throw rescueNotFound();
  if (outcome.kind === "was-ended" && outcome.rescue.endReason !== reason) {
    const how = reason === "completed" ? "called off" : "completed";
    throw new ProblemError("rescue-ended", `The rescue was ${how} before, and stays so. Load it again.`);
  }
  return toRescue(outcome.rescue);
}
