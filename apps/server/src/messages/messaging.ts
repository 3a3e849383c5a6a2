import { type Clock, every } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { Tell } from "../hubs/tell.ts";
import { purgeKeys } from "../idempotency/claim-key.ts";
import type { Logger } from "../logger.ts";
import { createAccountLine } from "./account-line.ts";
import { createDelivery, type Receiver } from "./delivery/delivery.ts";
import { createSentNotes } from "./delivery/sent-notes.ts";
import { createExpiry } from "./expiry.ts";
import { type StoredMessage, toMessage } from "./message.ts";
import {
  type Changed,
  type Created,
  type MessageRepository,
  messageRepository,
  type NewMessages,
} from "./message-repository.ts";
import { type Acknowledgement, newSteps } from "./message-state.ts";

/** Messages of all accounts: kept, then told and delivered. */
export type Messaging = {
  readonly stored: Pick<MessageRepository, "find" | "list" | "recall">;
  send(order: NewMessages): Promise<Created>;
  /** False when there is no such message to this device. */
  acknowledge(receiver: Receiver, messageId: string, acknowledgement: Acknowledgement): Promise<boolean>;
  /** The message as it is then; null when the account has no such message. */
  cancel(accountId: number, messageId: string, cancelledBy: number): Promise<StoredMessage | null>;
  /** Ends the delivery to a device that is bound no longer and cancels what is pending for it. */
  unbound(receiver: Receiver): Promise<void>;
  connected(receiver: Receiver, connectionId: string): Promise<void>;
  disconnected(deviceId: number, connectionId: string): void;
  /** Lets expire what fell due while the server was down, and begins to watch. */
  start(): Promise<void>;
  close(): void;
};

/** Keys of old requests go this often. */
const purgeKeysEveryMs = 60 * 60_000;

export function createMessaging(parts: { clock: Clock; database: Database; tell: Tell; logger: Logger }): Messaging {
  const { clock, database, tell, logger } = parts;
  const stored = messageRepository(database);
  const line = createAccountLine(clock);
  const failed = (what: string) => (error: unknown) => logger.error({ err: error }, what);

  const updated = (message: StoredMessage) => () =>
    tell.account(message.accountId).MessageUpdated({ message: toMessage(message) });

  function tellUpdated(messages: readonly StoredMessage[]): void {
    for (const [accountId, ofAccount] of Map.groupBy(messages, (message) => message.accountId)) {
      line.add(accountId, ofAccount.map(updated));
    }
  }

  const notes = createSentNotes(
    clock,
    async (sent) => tellUpdated(await stored.noteSent(sent)),
    failed("sends could not be counted"),
  );
  const delivery = createDelivery({
    clock,
    pending: stored.pending,
    send: (connectionId, { messageId, body, displaySeconds }) =>
      tell.connection(connectionId).ReceiveMessage({ messageId, body, displaySeconds }),
    sent: notes.note,
    failed: failed("messages to a device could not be read"),
  });
  const expiry = createExpiry({
    clock,
    nextExpiry: stored.nextExpiry,
    async expireDue(now) {
      const messages = await stored.expireDue(now);
      ended(messages);
      return messages.length;
    },
    failed: failed("messages could not expire"),
  });

  /** Nothing of them is sent any more; the account hears how they ended. */
  function ended(messages: readonly StoredMessage[]): void {
    for (const { deviceId, messageId } of messages) delivery.stop(deviceId, messageId);
    tellUpdated(messages);
  }

  /** In the contract's order, and with all that the acknowledgement implies. */
  function tellAcknowledged({ before, after }: Changed): void {
    const { accountId, deviceId, messageId, responseText, respondedAt } = after;
    const { received, seen, responded } = newSteps(before, after);
    if (!received && !seen && !responded) return;
    const things = [
      () => {
        const account = tell.account(accountId);
        if (received) account.DeviceMessageReceived({ deviceId, messageId });
        if (received) account.DeviceMessageAcknowledged({ deviceId, messageId });
        if (responded && responseText !== null && respondedAt !== null) {
          const at = new Date(respondedAt).toISOString();
          account.DeviceMessageResponse({ deviceId, messageId, responseText, respondedAt: at });
        }
        if (seen) account.DeviceMessageSeen({ deviceId, messageId });
        account.MessageUpdated({ message: toMessage(after) });
      },
    ];
    line.add(accountId, things);
  }

  const stopPurging = every(clock, purgeKeysEveryMs, () => {
    purgeKeys(database.queries, clock.now()).catch(failed("old idempotency keys could not be forgotten"));
  });

  return {
    stored,

    async send(order) {
      const created = await stored.create(order);
      if (created.kind !== "created") return created;
      expiry.watch(order.expiresAt);
      line.add(
        order.accountId,
        created.messages.map((message) => () => {
          updated(message)();
          delivery.offer([message]);
        }),
      );
      return created;
    },

    async acknowledge(receiver, messageId, acknowledgement) {
      // What was sent is on record before what came of it.
      await notes.flush();
      const changed = await stored.acknowledge(receiver, messageId, acknowledgement, clock.now());
      if (changed === null) return false;
      delivery.stop(receiver.deviceId, messageId);
      tellAcknowledged(changed);
      return true;
    },

    async cancel(accountId, messageId, cancelledBy) {
      await notes.flush();
      const changed = await stored.cancel(accountId, messageId, cancelledBy, clock.now());
      if (changed === null) return null;
      if (changed.before.state !== changed.after.state) ended([changed.after]);
      return changed.after;
    },

    async unbound({ accountId, deviceId }) {
      delivery.forget(deviceId);
      try {
        for (;;) {
          const messages = await stored.cancelPendingOf(accountId, deviceId, clock.now());
          if (messages.length === 0) return;
          tellUpdated(messages);
        }
      } catch (error) {
        // They are sent to nobody, and expire.
        failed("messages of an unbound device could not be cancelled")(error);
      }
    },

    connected: delivery.connected,
    disconnected: delivery.disconnected,

    start: expiry.start,
    close() {
      stopPurging();
      expiry.close();
      delivery.close();
      void notes.flush();
    },
  };
}
