import type { Tables } from "../database/schema.ts";

/** How long rows are kept: as the account says, or so many days whatever it says. */
type Keep = "retentionDays" | number;

/** What is forgotten: rows whose time is longer ago than is kept. One whose time is null stays. */
type Forgetting = { readonly time: string; readonly keep: Keep };

export type KeptTable =
  /** Rows with account_id, deleted by their key. */
  | { readonly of: "account"; readonly key: string; readonly forget?: Forgetting }
  /** Rows of a device in the order of a time, deleted device by device. */
  | { readonly of: "device"; readonly forget: Forgetting }
  /** The account's own row: the last that goes. */
  | { readonly of: "itself" };

/** Who changed what is asked for when a season is looked back on; it holds no positions. */
const auditDays = 400;
/** An ended session says for a month when it ended and why. */
const sessionDays = 30;

/**
 * Every table: how its rows of an account are erased, from first to last, and which are forgotten in time. A new table does not
 * compile without its line here.
 */
export const keptTables: { readonly [T in keyof Tables]: KeptTable } = {
  location_samples: { of: "device", forget: { time: "at_ms", keep: "retentionDays" } },
  zone_visits: { of: "device", forget: { time: "left_at", keep: "retentionDays" } },
  zones: { of: "account", key: "id", forget: { time: "deleted_at", keep: "retentionDays" } },
  messages: { of: "account", key: "id", forget: { time: "expires_at", keep: "retentionDays" } },
  message_templates: { of: "account", key: "id" },
  idempotency_keys: { of: "account", key: "id" },
  rescue_participants: { of: "account", key: "device_id" },
  rescues: { of: "account", key: "id", forget: { time: "ended_at", keep: "retentionDays" } },
  fast_location_leases: { of: "account", key: "device_id", forget: { time: "expires_at", keep: "retentionDays" } },
  history_syncs: { of: "account", key: "device_id" },
  pending_devices: { of: "account", key: "id" },
  refresh_tokens: { of: "account", key: "token_hash", forget: { time: "expires_at", keep: 1 } },
  sessions: { of: "account", key: "id", forget: { time: "ended_at", keep: sessionDays } },
  audit: { of: "account", key: "id", forget: { time: "at", keep: auditDays } },
  devices: { of: "account", key: "id", forget: { time: "unbound_at", keep: "retentionDays" } },
  users: { of: "account", key: "id" },
  accounts: { of: "itself" },
};
