import { pairingCodeLifeMs } from "@dsp-fleet/contract";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import { identifierTaken, toLiveDevice } from "../devices/device-repository.ts";
import type { LiveDevice } from "../devices/live-device.ts";

/** How long a bound phone that was away may still come for its token. */
const collectWithinMs = 10 * 60_000;

export type PhoneInfo = {
  platform: string | null;
  model: string | null;
  osVersion: string | null;
  appVersion: string | null;
  appLanguage: string | null;
};

export type Binding = {
  codeMac: string;
  accountId: number;
  name: string;
  identifier: string | null;
  boundBy: number;
  now: number;
};

export type BindOutcome =
  | { kind: "bound"; pendingId: number; device: LiveDevice }
  | { kind: "code-unknown" | "identifier-taken" };

/** What a phone that registers finds: its pending row, and the device it was bound to, and still is, if it has not collected it. */
export type Found = {
  pendingId: number | null;
  bound: { pendingId: number; accountId: number; deviceId: number } | null;
};

export type PendingRepository = ReturnType<typeof pendingRepository>;

export const pendingRepository = (database: Database) => ({
  /** Makes or renews the pending row of a GUID; null when another live row has this code: draw another. */
  renewByGuid: (guidHash: string, codeMac: string, info: PhoneInfo, now: number): Promise<number | null> =>
    database.transaction(async (tx) => {
      if (await codeTaken(tx, codeMac)) return null;
      const values = {
        code_mac: codeMac,
        created_at: now,
        expires_at: now + pairingCodeLifeMs,
        platform: info.platform,
        model: info.model,
        os_version: info.osVersion,
        app_version: info.appVersion,
        app_language: info.appLanguage,
      };
      const renewed = await tx
        .updateTable("pending_devices")
        .set(values)
        .where("guid_hash", "=", guidHash)
        .where("bound_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      if (renewed !== undefined) return renewed.id;
      const made = await tx
        .insertInto("pending_devices")
        .values({ ...values, guid_hash: guidHash })
        .returning("id")
        .executeTakeFirstOrThrow();
      return made.id;
    }),

  /** A pending row without a GUID, tied to a connection; null when another live row has this code. */
  create: (codeMac: string, now: number): Promise<number | null> =>
    database.transaction(async (tx) => {
      if (await codeTaken(tx, codeMac)) return null;
      const row = await tx
        .insertInto("pending_devices")
        .values({ code_mac: codeMac, created_at: now, expires_at: now + pairingCodeLifeMs })
        .returning("id")
        .executeTakeFirstOrThrow();
      return row.id;
    }),

  /** Takes back a pending row that nobody has bound. */
  async withdraw(pendingId: number): Promise<void> {
    await database.queries
      .deleteFrom("pending_devices")
      .where("id", "=", pendingId)
      .where("bound_at", "is", null)
      .execute();
  },

  /** Takes back the codes that lived with connections of a server that was killed: nobody shows them any more. */
  async forgetConnections(): Promise<void> {
    await database.queries
      .deleteFrom("pending_devices")
      .where("guid_hash", "is", null)
      .where("bound_at", "is", null)
      .execute();
  },

  async findByGuid(guidHash: string, now: number): Promise<Found> {
    const rows = await database.queries
      .selectFrom("pending_devices")
      .leftJoin("devices", "devices.id", "pending_devices.device_id")
      .selectAll("pending_devices")
      .select("devices.unbound_at")
      .where("pending_devices.guid_hash", "=", guidHash)
      .orderBy("pending_devices.id", "desc")
      .execute();
    const pending = rows.find((row) => row.bound_at === null && row.expires_at > now);
    const bound = rows.find(
      (row) =>
        row.bound_at !== null &&
        row.collected_at === null &&
        row.unbound_at === null &&
        row.bound_at + collectWithinMs > now,
    );
    return {
      pendingId: pending?.id ?? null,
      bound:
        bound === undefined || bound.account_id === null || bound.device_id === null
          ? null
          : { pendingId: bound.id, accountId: bound.account_id, deviceId: bound.device_id },
    };
  },

  /** Uses the code up and makes the device; of two who enter one code at once exactly one gets it. */
  bind: (binding: Binding): Promise<BindOutcome> =>
    database.forAccount(binding.accountId).transaction(async (tx) => {
      const pending = await tx
        .selectFrom("pending_devices")
        .selectAll()
        .where("code_mac", "=", binding.codeMac)
        .where("bound_at", "is", null)
        .where("expires_at", ">", binding.now)
        .executeTakeFirst();
      if (pending === undefined) return { kind: "code-unknown" };
      if (await identifierTaken(tx, binding.accountId, binding.identifier, null)) return { kind: "identifier-taken" };
      const device = await tx
        .insertInto("devices")
        .values({
          account_id: binding.accountId,
          name: binding.name,
          identifier: binding.identifier,
          guid_hash: pending.guid_hash,
          platform: pending.platform,
          model: pending.model,
          os_version: pending.os_version,
          app_version: pending.app_version,
          app_language: pending.app_language,
          bound_at: binding.now,
          bound_by: binding.boundBy,
          version: 1,
          sync_state: "idle",
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const used = await tx
        .updateTable("pending_devices")
        .set({ bound_at: binding.now, account_id: binding.accountId, device_id: device.id })
        .where("id", "=", pending.id)
        .where("bound_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      if (used === undefined) throw new Error("the code was used meanwhile");
      await recordAudit(tx, {
        accountId: binding.accountId,
        actor: `user:${binding.boundBy}`,
        action: "device.bound",
        entity: "device",
        entityId: device.id,
        at: binding.now,
        detail: { name: binding.name, identifier: binding.identifier },
      });
      return { kind: "bound", pendingId: pending.id, device: toLiveDevice(device) };
    }),

  /** Devices whose phone has not yet used its token. */
  async uncollected(now: number): Promise<number[]> {
    const rows = await database.queries
      .selectFrom("pending_devices")
      .select("device_id")
      .where("device_id", "is not", null)
      .where("collected_at", "is", null)
      .where("bound_at", ">", now - collectWithinMs)
      .execute();
    return rows.flatMap((row) => (row.device_id === null ? [] : [row.device_id]));
  },

  /** The phone has used its token: it needs no second DeviceBound, and its other pending rows are done. */
  collected: (deviceId: number, now: number): Promise<void> =>
    database.transaction(async (tx) => {
      const rows = await tx
        .updateTable("pending_devices")
        .set({ collected_at: now })
        .where("device_id", "=", deviceId)
        .where("collected_at", "is", null)
        .returning("guid_hash")
        .execute();
      for (const { guid_hash: guidHash } of rows) {
        if (guidHash === null) continue;
        await tx
          .deleteFrom("pending_devices")
          .where("guid_hash", "=", guidHash)
          .where("bound_at", "is", null)
          // One that it asked for meanwhile is a new beginning.
          .where("created_at", "<", now)
          .execute();
      }
    }),

  /** How many codes are good now. */
  async liveCodes(now: number): Promise<number> {
    const row = await database.queries
      .selectFrom("pending_devices")
      .select((eb) => eb.fn.countAll<number>().as("codes"))
      .where("bound_at", "is", null)
      .where("expires_at", ">", now)
      .executeTakeFirstOrThrow();
    return row.codes;
  },

  /** Forgets rows that can neither be bound nor collected any more. */
  async purge(now: number): Promise<void> {
    await database.queries
      .deleteFrom("pending_devices")
      .where("expires_at", "<", now - collectWithinMs)
      .where((eb) => eb.or([eb("bound_at", "is", null), eb("bound_at", "<", now - collectWithinMs)]))
      .execute();
  },
});

async function codeTaken(tx: Queries, codeMac: string): Promise<boolean> {
  const other = await tx.selectFrom("pending_devices").select("id").where("code_mac", "=", codeMac).executeTakeFirst();
  return other !== undefined;
}
