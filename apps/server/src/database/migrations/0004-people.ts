import { type Kysely, sql } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";

/** Invitations, and accounts that are being erased. */
export async function addPeople({ schema }: Pick<Kysely<unknown>, "schema">, kind: ColumnKinds): Promise<void> {
  await schema.alterTable("users").addColumn("invited_email", kind.text).execute();
  await schema.alterTable("users").addColumn("invite_token_hash", kind.text).execute();
  await schema.alterTable("users").addColumn("invite_expires_at", kind.time).execute();
  await schema
    .createIndex("users_by_invite_token")
    .unique()
    .on("users")
    .column("invite_token_hash")
    .where(sql.ref("invite_token_hash"), "is not", null)
    .execute();
  await schema.alterTable("accounts").addColumn("erasing_at", kind.time).execute();
}
