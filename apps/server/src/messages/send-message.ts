import { messageLifeMaximumMs, messageLifeMs } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { randomUuid } from "../random.ts";
import { toMessage } from "./message.ts";
import type { Created } from "./message-repository.ts";

/** Keeps a message for each device, then tells the account and delivers; an unknown device among them: none is kept. */
export const sendMessage =
  (app: App): RestHandlers["sendMessage"] =>
  async ({ principal, idempotency }, { body: order }) => {
    const { accountId, userId } = principal;
    const now = app.clock.now();
    // Tried again it is answered as the first time, whatever has become of its devices and its end since.
    const before = idempotency === null ? null : await app.messages.stored.recall(accountId, idempotency, now);
    if (before !== null) return answer(before);
    const expiresAt = order.expiresAt === undefined ? now + messageLifeMs : endOf(order.expiresAt, now);
    const deviceIds =
      order.deviceIds === "all"
        ? app.devices.list(accountId).map(({ id }) => id)
        : order.deviceIds.map((id) => requireDevice(app, accountId, id).id);
    const created = await app.messages.send({
      accountId,
      receivers: deviceIds.map((deviceId) => ({ messageId: randomUuid(app.random), deviceId })),
      deviceIds: order.deviceIds,
      body: order.body,
      displaySeconds: order.displaySeconds,
      expiresAt,
      sentBy: userId,
      at: now,
      key: idempotency,
    });
    return answer(created);
  };

function answer(created: Created) {
  if (created.kind === "key-reused") {
    throw new ProblemError(
      "idempotency-key-reused",
      "This Idempotency-Key was used for another request in the last 24 h. Use a new key for each new message.",
    );
  }
  return { items: created.messages.map(toMessage) };
}

function endOf(expiresAt: string, now: number): number {
  const at = Date.parse(expiresAt);
  if (at <= now) throw wrongEnd("must be in the future");
  if (at > now + messageLifeMaximumMs) throw wrongEnd("must be within seven days from now");
  return at;
}

const wrongEnd = (words: string) =>
  new ProblemError("invalid-request", `expiresAt ${words}.`, { errors: { expiresAt: [words] } });
