import { type Zone, type ZoneGeometry, zoneGeometry, zoneLimits } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { type AuditEntry, recordAudit, recordAudits } from "../audit/record-audit.ts";
import { isoTime } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { ZonesTable } from "../database/schema.ts";
import { closeVisits } from "../zone-visits/visit-repository.ts";

/** A zone whose shape was found good. */
export type ZoneDrawing = Omit<Zone, "id" | "version" | "updatedAt">;
/** `drawnAt`: when its present shape was drawn, ms since 1970 UTC. */
export type StoredZone = { readonly accountId: number; readonly zone: Zone; readonly drawnAt: number };
export type ZoneWriter = { readonly accountId: number; readonly userId: number; readonly at: number };
/** Which limit of the account is in the way. */
export type ZonesFull = { readonly kind: "too-many"; readonly of: "zones" | "corners" };
type Refused = { readonly kind: "not-found" | "version-mismatch" };
type Changed = { readonly kind: "changed"; readonly stored: StoredZone };

export type ZoneRepository = ReturnType<typeof zoneRepository>;

export const zoneRepository = (database: Database) => ({
  /** Every zone of every account, by id: for the memory at start. */
  async all(): Promise<StoredZone[]> {
    const rows = await database.queries
      .selectFrom("zones")
      .selectAll()
      .where("deleted_at", "is", null)
      .orderBy("id")
      .execute();
    return rows.map(toStored);
  },

  /** All of them or none. */
  add: (
    writer: ZoneWriter,
    drawings: readonly ZoneDrawing[],
  ): Promise<{ kind: "added"; stored: StoredZone[] } | ZonesFull> =>
    database.forAccount(writer.accountId).transaction(async (tx) => {
      const full = await whatIsFull(tx, writer.accountId, null, drawings);
      if (full !== null) return full;
      if (drawings.length === 0) return { kind: "added", stored: [] };
      // In two statements: a thousand round trips would hold the transaction for seconds.
      const rows = await tx
        .insertInto("zones")
        .values(
          drawings.map((drawing) => ({
            ...toColumns(drawing),
            account_id: writer.accountId,
            version: 1,
            created_at: writer.at,
            drawn_at: writer.at,
            updated_at: writer.at,
          })),
        )
        .returningAll()
        .execute();
      const stored = rows.toSorted((a, b) => a.id - b.id).map(toStored);
      await recordAudits(
        tx,
        stored.map(({ zone }) => auditOf(writer, "zone.added", zone.id, { after: words(zone) })),
      );
      return { kind: "added", stored };
    }),

  /** `version` null takes whatever there is. */
  redraw: (
    writer: ZoneWriter,
    zoneId: number,
    version: number | null,
    drawing: ZoneDrawing,
  ): Promise<Changed | Refused | ZonesFull> =>
    database.forAccount(writer.accountId).transaction(async (tx) => {
      const before = await find(tx, writer.accountId, zoneId);
      if (before === undefined) return { kind: "not-found" };
      if (version !== null && version !== before.version) return { kind: "version-mismatch" };
      const full = await whatIsFull(tx, writer.accountId, zoneId, [drawing]);
      if (full !== null) return full;
      const columns = toColumns(drawing);
      const isNewShape = columns.geometry !== before.geometry || columns.radius_meters !== before.radius_meters;
      const row = await tx
        .updateTable("zones")
        .set({
          ...columns,
          version: before.version + 1,
          updated_at: writer.at,
          ...(isNewShape ? { drawn_at: writer.at } : {}),
        })
        .where("account_id", "=", writer.accountId)
        .where("id", "=", zoneId)
        .returningAll()
        .executeTakeFirstOrThrow();
      const stored = toStored(row);
      await audit(tx, writer, "zone.changed", zoneId, {
        before: words(toStored(before).zone),
        after: words(stored.zone),
        isNewShape,
      });
      return { kind: "changed", stored };
    }),

  /** Closes the visits that are open in it, in the same commit. */
  remove: (writer: ZoneWriter, zoneId: number, version: number | null): Promise<{ kind: "removed" } | Refused> =>
    database.forAccount(writer.accountId).transaction(async (tx) => {
      const before = await find(tx, writer.accountId, zoneId);
      if (before === undefined) return { kind: "not-found" };
      if (version !== null && version !== before.version) return { kind: "version-mismatch" };
      await tx
        .updateTable("zones")
        .set({ deleted_at: writer.at, updated_at: writer.at })
        .where("account_id", "=", writer.accountId)
        .where("id", "=", zoneId)
        .execute();
      await closeVisits(tx, writer.accountId, { zoneId }, writer.at);
      await audit(tx, writer, "zone.deleted", zoneId, { before: words(toStored(before).zone) });
      return { kind: "removed" };
    }),
});

const find = (tx: Queries, accountId: number, zoneId: number) =>
  tx
    .selectFrom("zones")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", zoneId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();

async function whatIsFull(
  tx: Queries,
  accountId: number,
  exceptZoneId: number | null,
  drawings: readonly ZoneDrawing[],
): Promise<ZonesFull | null> {
  const rows = await tx
    .selectFrom("zones")
    .select(["id", "corners"])
    .where("account_id", "=", accountId)
    .where("deleted_at", "is", null)
    .execute();
  const others = rows.filter(({ id }) => id !== exceptZoneId);
  if (others.length + drawings.length > zoneLimits.zonesPerAccount) return { kind: "too-many", of: "zones" };
  const corners = [...others.map((row) => row.corners), ...drawings.map(({ geometry }) => cornersOf(geometry))];
  const sum = corners.reduce((total, count) => total + count, 0);
  return sum > zoneLimits.verticesPerAccount ? { kind: "too-many", of: "corners" } : null;
}

const auditOf = (
  { accountId, userId, at }: ZoneWriter,
  action: string,
  zoneId: number,
  detail: Record<string, unknown>,
): AuditEntry => ({ accountId, actor: `user:${userId}`, action, entity: "zone", entityId: zoneId, at, detail });

const audit = (tx: Queries, ...entry: Parameters<typeof auditOf>): Promise<void> => recordAudit(tx, auditOf(...entry));

/** What an audit row says of a zone: not where it is. */
const words = ({ name, color, kind, radiusMeters, speedLimitKmh }: ZoneDrawing) => ({
  name,
  color,
  kind,
  radiusMeters,
  speedLimitKmh,
});

const cornersOf = (geometry: ZoneGeometry): number =>
  geometry.type === "Point" ? 1 : geometry.coordinates.reduce((sum, ring) => sum + ring.length - 1, 0);

const toColumns = (drawing: ZoneDrawing) => ({
  name: drawing.name,
  color: drawing.color,
  kind: drawing.kind,
  geometry: JSON.stringify(drawing.geometry),
  radius_meters: drawing.radiusMeters,
  speed_limit_kmh: drawing.speedLimitKmh,
  corners: cornersOf(drawing.geometry),
});

function toStored(row: Selectable<ZonesTable>): StoredZone {
  return {
    accountId: row.account_id,
    drawnAt: row.drawn_at,
    zone: {
      id: row.id,
      name: row.name,
      color: row.color,
      kind: row.kind,
      geometry: zoneGeometry.parse(JSON.parse(row.geometry)),
      radiusMeters: row.radius_meters,
      speedLimitKmh: row.speed_limit_kmh,
      version: row.version,
      updatedAt: isoTime(row.updated_at),
    },
  };
}
