import type { MessageState } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { MessagesTable } from "../database/schema.ts";
import { createSharedTransactions } from "../database/shared-transactions.ts";
import type { IdempotencyKey } from "../http/idempotency-key.ts";
import { type Claim, claimKey, lookUpKey } from "../idempotency/claim-key.ts";
import type { StoredMessage } from "./message.ts";
import { type Acknowledgement, acknowledged, cancelled, expired, isPending, newTimeline } from "./message-state.ts";

export type NewMessages = {
  readonly accountId: number;
  /** A message for each; all of them are the account's. */
  readonly receivers: readonly { readonly messageId: string; readonly deviceId: number }[];
  /** As the sender named them: for the audit. */
  readonly deviceIds: readonly number[] | "all";
  readonly body: string;
  readonly displaySeconds: number;
  readonly expiresAt: number;
  readonly sentBy: number;
  readonly at: number;
  readonly key: IdempotencyKey | null;
};

export type Created =
  | { readonly kind: "created" | "created-before"; readonly messages: readonly StoredMessage[] }
  | { readonly kind: "key-reused" };

export type Changed = { readonly before: StoredMessage; readonly after: StoredMessage };

/** How often a message went out since it was last noted. */
export type SentNote = { readonly message: { readonly id: number }; readonly firstAt: number; readonly count: number };

export type MessageFilter = {
  readonly deviceId?: number | undefined;
  readonly state?: MessageState | undefined;
  /** Only what is still to be delivered at this moment. */
  readonly pendingAt?: number | undefined;
  readonly order: "newest-first" | "oldest-first";
  /** The `id` that the page before ended with. */
  readonly after: number | null;
  readonly limit: number;
};

/** Rows that one statement takes: some ms of the loop's time, and far from any database's bound of parameters. */
const rowsPerStatement = 200;

export type MessageRepository = ReturnType<typeof messageRepository>;

/**
 * Messages of all accounts. Changes of messages happen one after the other, and their results come in that order; those of
 * several accounts share a commit, so there the account is a filter of each statement.
 */
export const messageRepository = (database: Database) => {
  const changes = createSharedTransactions(database);

  return {
    /** All of them or none; where the key was used for the same request, what was made then, as it was then. */
    create: (order: NewMessages): Promise<Created> =>
      database.forAccount(order.accountId).transaction(async (tx) => {
        const claim = order.key === null ? null : await claimKey(tx, order.accountId, order.key, order.at);
        if (claim !== null && claim.kind !== "first") return createdBefore(tx, order.accountId, claim);
        const messages: StoredMessage[] = [];
        for (let from = 0; from < order.receivers.length; from += rowsPerStatement) {
          messages.push(...(await insert(tx, order, from, claim?.id ?? null)));
        }
        const [first] = messages;
        if (first !== undefined) {
          await recordAudit(tx, {
            accountId: order.accountId,
            actor: `user:${order.sentBy}`,
            action: "message.sent",
            entity: "message",
            entityId: first.messageId,
            at: order.at,
            detail: { deviceIds: order.deviceIds, messages: messages.length },
          });
        }
        return { kind: "created", messages };
      }),

    /** What was made for this key before; null when the key is free. */
    async recall(accountId: number, key: IdempotencyKey, now: number): Promise<Created | null> {
      const { queries } = database.forAccount(accountId);
      const known = await lookUpKey(queries, accountId, key, now);
      return known === null ? null : createdBefore(queries, accountId, known);
    },

    /** null when there is no such message to this device. */
    acknowledge: (
      { accountId, deviceId }: { accountId: number; deviceId: number },
      messageId: string,
      acknowledgement: Acknowledgement,
      at: number,
    ): Promise<Changed | null> =>
      changes.run(async (tx) => {
        const before = await find(tx, accountId, messageId);
        if (before === null || before.deviceId !== deviceId) return null;
        // Its time is over even where nobody has noticed yet.
        const here = before.expiresAt <= at ? expired(before) : before;
        const after = acknowledged(here, acknowledgement, at);
        if (!isSame(before, after)) await write(tx, after);
        return { before, after };
      }),

    /** Cancels what is pending; what is not stays as it is. null when the account has no such message. */
    cancel: (accountId: number, messageId: string, cancelledBy: number, at: number): Promise<Changed | null> =>
      changes.run(async (tx) => {
        const before = await find(tx, accountId, messageId);
        if (before === null) return null;
        const after = cancelled(before, at);
        if (isSame(before, after)) return { before, after };
        await write(tx, after);
        await recordAudit(tx, {
          accountId,
          actor: `user:${cancelledBy}`,
          action: "message.cancelled",
          entity: "message",
          entityId: messageId,
          at,
        });
        return { before, after };
      }),

    /** Cancels some of what is pending for a device that was unbound; answers them, none when there is nothing left. */
    cancelPendingOf: (accountId: number, deviceId: number, at: number): Promise<StoredMessage[]> =>
      changes.run(async (tx) => {
        const rows = await tx
          .updateTable("messages")
          .set({ state: "cancelled", cancelled_at: at, pending_until: null })
          .where("id", "in", (eb) =>
            eb
              .selectFrom("messages")
              .select("id")
              .where("account_id", "=", accountId)
              .where("device_id", "=", deviceId)
              .where("pending_until", "is not", null)
              .orderBy("id")
              .limit(rowsPerStatement),
          )
          .returningAll()
          .execute();
        return rows.map(toStored);
      }),

    /** Counts sends; answers those messages as they are now. */
    noteSent: (notes: readonly SentNote[]): Promise<StoredMessage[]> =>
      changes.run(async (tx) => {
        const alike = Map.groupBy(notes, ({ firstAt, count }) => `${firstAt} ${count}`);
        const noted: StoredMessage[] = [];
        for (const group of alike.values()) {
          for (let from = 0; from < group.length; from += rowsPerStatement) {
            noted.push(...(await countSends(tx, group.slice(from, from + rowsPerStatement))));
          }
        }
        return noted;
      }),

    /** Lets some of those whose time is over expire; answers them, none when there is nothing left. */
    expireDue: (now: number): Promise<StoredMessage[]> =>
      changes.run(async (tx) => {
        const rows = await tx
          .updateTable("messages")
          .set({ state: "expired", pending_until: null })
          .where("id", "in", (eb) =>
            eb
              .selectFrom("messages")
              .select("id")
              .where("pending_until", "<=", now)
              .orderBy("pending_until")
              .limit(rowsPerStatement),
          )
          .returningAll()
          .execute();
        return rows.map(toStored);
      }),

    /** When the next message expires; null when none is pending. */
    async nextExpiry(): Promise<number | null> {
      const row = await database.queries
        .selectFrom("messages")
        .select("pending_until")
        .where("pending_until", "is not", null)
        .orderBy("pending_until")
        .limit(1)
        .executeTakeFirst();
      return row?.pending_until ?? null;
    },

    /** What is still to be delivered to a device, the oldest first, but for these. */
    async pending(
      { accountId, deviceId }: { accountId: number; deviceId: number },
      except: readonly number[],
      limit: number,
      now: number,
    ): Promise<StoredMessage[]> {
      let query = database
        .forAccount(accountId)
        .queries.selectFrom("messages")
        .selectAll()
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .where("pending_until", "is not", null)
        .where("pending_until", ">", now);
      if (except.length > 0) query = query.where("id", "not in", except);
      return (await query.orderBy("id").limit(limit).execute()).map(toStored);
    },

    find: (accountId: number, messageId: string): Promise<StoredMessage | null> =>
      find(database.forAccount(accountId).queries, accountId, messageId),

    async list(accountId: number, filter: MessageFilter): Promise<StoredMessage[]> {
      const { deviceId, state, pendingAt, after } = filter;
      const oldestFirst = filter.order === "oldest-first";
      const { queries } = database.forAccount(accountId);
      let query = queries.selectFrom("messages").selectAll().where("account_id", "=", accountId);
      if (deviceId !== undefined) query = query.where("device_id", "=", deviceId);
      if (state !== undefined) query = query.where("state", "=", state);
      if (pendingAt !== undefined) query = query.where("pending_until", ">", pendingAt);
      if (after !== null) query = query.where("id", oldestFirst ? ">" : "<", after);
      const rows = await query
        .orderBy("id", oldestFirst ? "asc" : "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(toStored);
    },
  };
};

async function insert(
  tx: Queries,
  order: NewMessages,
  from: number,
  idempotencyId: number | null,
): Promise<StoredMessage[]> {
  const receivers = order.receivers.slice(from, from + rowsPerStatement);
  const { accountId, body, displaySeconds, expiresAt, sentBy, at } = order;
  const rows = await tx
    .insertInto("messages")
    .values(
      receivers.map(({ messageId, deviceId }) => ({
        message_id: messageId,
        account_id: accountId,
        device_id: deviceId,
        body,
        display_seconds: displaySeconds,
        state: newTimeline.state,
        created_at: at,
        expires_at: expiresAt,
        pending_until: expiresAt,
        sent_by: sentBy,
        idempotency_id: idempotencyId,
      })),
    )
    .returning(["id", "message_id"])
    .execute();
  const ids = new Map(rows.map((row) => [row.message_id, row.id]));
  return receivers.map(({ messageId, deviceId }) => ({
    ...newTimeline,
    id: ids.get(messageId) ?? 0,
    messageId,
    accountId,
    deviceId,
    body,
    displaySeconds,
    createdAt: at,
    expiresAt,
    sendCount: 0,
    sentBy,
  }));
}

async function countSends(tx: Queries, alike: readonly SentNote[]): Promise<StoredMessage[]> {
  const [first] = alike;
  if (first === undefined) return [];
  const rows = await tx
    .updateTable("messages")
    .set((eb) => ({
      send_count: eb("send_count", "+", first.count),
      sent_at: eb.fn.coalesce("sent_at", eb.val(first.firstAt)),
      state: eb.case().when("state", "=", "queued").then<MessageState>("sent").else(eb.ref("state")).end(),
    }))
    .where(
      "id",
      "in",
      alike.map(({ message }) => message.id),
    )
    .returningAll()
    .execute();
  return rows.map(toStored);
}

async function find(queries: Queries, accountId: number, messageId: string): Promise<StoredMessage | null> {
  const row = await queries
    .selectFrom("messages")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("message_id", "=", messageId)
    .executeTakeFirst();
  return row === undefined ? null : toStored(row);
}

/** What a request made, as it was answered the first time. */
async function createdBefore(
  queries: Queries,
  accountId: number,
  claim: Exclude<Claim, { kind: "first" }>,
): Promise<Created> {
  if (claim.kind === "other-request") return { kind: "key-reused" };
  const rows = await queries
    .selectFrom("messages")
    .selectAll()
    .where("idempotency_id", "=", claim.id)
    .where("account_id", "=", accountId)
    .orderBy("id")
    .execute();
  return { kind: "created-before", messages: rows.map((row) => ({ ...toStored(row), ...newTimeline, sendCount: 0 })) };
}

async function write(tx: Queries, message: StoredMessage): Promise<void> {
  await tx
    .updateTable("messages")
    .set({
      state: message.state,
      pending_until: isPending(message.state) ? message.expiresAt : null,
      sent_at: message.sentAt,
      received_at: message.receivedAt,
      seen_at: message.seenAt,
      responded_at: message.respondedAt,
      response_text: message.responseText,
      cancelled_at: message.cancelledAt,
    })
    .where("id", "=", message.id)
    .where("account_id", "=", message.accountId)
    .execute();
}

/** A time stamp stays once it is there, so a change shows in which are there, or in the state. */
const isSame = (a: StoredMessage, b: StoredMessage): boolean =>
  a.state === b.state &&
  a.receivedAt === b.receivedAt &&
  a.seenAt === b.seenAt &&
  a.respondedAt === b.respondedAt &&
  a.cancelledAt === b.cancelledAt;

const toStored = (row: Selectable<MessagesTable>): StoredMessage => ({
  id: row.id,
  messageId: row.message_id,
  accountId: row.account_id,
  deviceId: row.device_id,
  body: row.body,
  displaySeconds: row.display_seconds,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  sentAt: row.sent_at,
  sendCount: row.send_count,
  receivedAt: row.received_at,
  seenAt: row.seen_at,
  respondedAt: row.responded_at,
  responseText: row.response_text,
  cancelledAt: row.cancelled_at,
  sentBy: row.sent_by,
});
