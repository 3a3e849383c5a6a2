import type { ZoneKind } from "@dsp-fleet/contract";
import type { Generated } from "kysely";

/** A truth value: integer 0 or 1 in both databases. */
export type Flag = 0 | 1;
/** ms since 1970 UTC. */
export type Milliseconds = number;

export type SampleSource = "live" | "samples";
/** As kept in location_samples.source: one byte, not a word, in the largest table. */
export const sampleSourceCodes: Record<SampleSource, 0 | 1> = { live: 0, samples: 1 };

export type SyncState = "idle" | "requested" | "syncing" | "synced" | "failed";

export type AccountsTable = {
  id: Generated<number>;
  name: string;
  /** ISO 3166-1 alpha-2 */
  country: string;
  /** IANA */
  timezone: string;
  speed_unit: "mph" | "kmh";
  periodic_airplane_mode_off: Flag;
  devices_see_peers: Flag;
  retention_days: number;
  created_at: Milliseconds;
  /** Set: the account is gone for everybody, and its rows are being erased. */
  erasing_at: Milliseconds | null;
};

export type UsersTable = {
  id: Generated<number>;
  account_id: number;
  /** lower case; unique over all accounts; of somebody invited a placeholder without `@` */
  email: string;
  display_name: string;
  role: "owner" | "dispatcher" | "viewer";
  password_hash: string;
  created_at: Milliseconds;
  disabled_at: Milliseconds | null;
  /** Where the invitation was meant to go, until it is accepted; it keeps nobody else from using the address. */
  invited_email: string | null;
  invite_token_hash: string | null;
  invite_expires_at: Milliseconds | null;
};

/** One family of refresh tokens: a signed-in browser. */
export type SessionsTable = {
  id: string;
  user_id: number;
  account_id: number;
  created_at: Milliseconds;
  ended_at: Milliseconds | null;
  end_reason: string | null;
  user_agent: string | null;
};

export type RefreshTokensTable = {
  token_hash: string;
  session_id: string;
  account_id: number;
  sequence: number;
  issued_at: Milliseconds;
  expires_at: Milliseconds;
  spent_at: Milliseconds | null;
};

export type DevicesTable = {
  id: Generated<number>;
  account_id: number;
  name: string;
  /** unique among the account's bound devices */
  identifier: string | null;
  guid_hash: string | null;
  platform: string | null;
  model: string | null;
  os_version: string | null;
  bound_at: Milliseconds;
  bound_by: number | null;
  unbound_at: Milliseconds | null;
  version: Generated<number>;
  last_lat: number | null;
  last_lon: number | null;
  /** time of the fix */
  last_location_ms: Milliseconds | null;
  battery_percent: number | null;
  app_version: string | null;
  app_language: string | null;
  app_info_ms: Milliseconds | null;
  sync_state: Generated<SyncState>;
};

export type PendingDevicesTable = {
  id: Generated<number>;
  guid_hash: string | null;
  code_mac: string;
  created_at: Milliseconds;
  expires_at: Milliseconds;
  platform: string | null;
  model: string | null;
  os_version: string | null;
  app_version: string | null;
  app_language: string | null;
  account_id: number | null;
  device_id: number | null;
  bound_at: Milliseconds | null;
  collected_at: Milliseconds | null;
};

/** Key: (device_id, at_ms). Written by Database.writeLocations alone. No foreign key: erase these rows with their device. */
export type LocationSamplesTable = {
  device_id: number;
  at_ms: Milliseconds;
  account_id: number;
  lat: number;
  lon: number;
  accuracy_meters: number | null;
  speed_mps: number | null;
  heading_degrees: number | null;
  altitude_meters: number | null;
  battery_percent: number | null;
  received_ms: Milliseconds;
  /** see sampleSourceCodes */
  source: 0 | 1;
};

/** One row a device: its latest request. Its state is devices.sync_state. */
export type HistorySyncsTable = {
  device_id: number;
  account_id: number;
  /** asked for, counted back from requested_at */
  hours: number;
  requested_at: Milliseconds;
  /** samples that came since the phone was asked last, known ones among them */
  received: number;
  /** oldest and newest fix that came */
  from_ms: Milliseconds | null;
  to_ms: Milliseconds | null;
};

/** What a dispatcher asked of a device's phone; one row a device, replaced by the next. */
export type FastLocationLeasesTable = {
  device_id: number;
  account_id: number;
  interval_seconds: number;
  started_at: Milliseconds;
  expires_at: Milliseconds;
  /** ended before its time */
  ended_at: Milliseconds | null;
};

export type RescuesTable = {
  id: Generated<number>;
  /** UUID */
  session_id: string;
  account_id: number;
  rescuee_device_id: number;
  rescuer_device_id: number;
  started_at: Milliseconds;
  started_by: number | null;
  /** null while it lasts */
  ended_at: Milliseconds | null;
  end_reason: "completed" | "cancelled_by_dispatcher" | null;
  /** The phone was not there when the session ended, and has not heard of it yet. */
  rescuee_missed_end: Flag;
  rescuer_missed_end: Flag;
};

/** The devices of open sessions. The key lets a device be in one at most. */
export type RescueParticipantsTable = {
  device_id: number;
  account_id: number;
  rescue_id: number;
};

export type MessageState = "queued" | "sent" | "received" | "seen" | "responded" | "cancelled" | "expired";

export type MessagesTable = {
  /** Ascends in the order of creation; never leaves the server. */
  id: Generated<number>;
  /** UUID, lower case */
  message_id: string;
  account_id: number;
  device_id: number;
  body: string;
  display_seconds: number;
  state: MessageState;
  created_at: Milliseconds;
  expires_at: Milliseconds;
  /** expires_at while it is queued or sent, then null: what is left to deliver is found by it */
  pending_until: Milliseconds | null;
  sent_at: Milliseconds | null;
  send_count: Generated<number>;
  received_at: Milliseconds | null;
  seen_at: Milliseconds | null;
  responded_at: Milliseconds | null;
  response_text: string | null;
  cancelled_at: Milliseconds | null;
  sent_by: number | null;
  /** The request it came from, where that had a key; the key itself may have been purged. */
  idempotency_id: number | null;
};

/** One answered request; unique by (account_id, key). */
export type IdempotencyKeysTable = {
  id: Generated<number>;
  account_id: number;
  key: string;
  fingerprint: string;
  created_at: Milliseconds;
};

export type MessageTemplatesTable = {
  id: Generated<number>;
  account_id: number;
  title: string;
  body: string;
  display_seconds: number;
  /** JSON list of text */
  quick_replies: string;
  version: Generated<number>;
};

export type ZonesTable = {
  id: Generated<number>;
  account_id: number;
  name: string;
  /** #rrggbb */
  color: string;
  kind: ZoneKind;
  /** GeoJSON text */
  geometry: string;
  /** of a circle alone */
  radius_meters: number | null;
  speed_limit_kmh: number | null;
  /** of its rings together; 1 for a circle */
  corners: number;
  version: number;
  created_at: Milliseconds;
  /** when the present shape was drawn */
  drawn_at: Milliseconds;
  updated_at: Milliseconds;
  /** kept for the visits that were in it */
  deleted_at: Milliseconds | null;
};

/** Key: (device_id, entered_at, zone_id). Visits of one device and zone do not overlap. */
export type ZoneVisitsTable = {
  account_id: number;
  device_id: number;
  zone_id: number;
  entered_at: Milliseconds;
  left_at: Milliseconds | null;
  added_late: Flag;
};

export type AuditTable = {
  id: Generated<number>;
  account_id: number;
  actor: string;
  action: string;
  entity: string;
  entity_id: string;
  at: Milliseconds;
  /** JSON text */
  detail: string;
};

export type Tables = {
  accounts: AccountsTable;
  users: UsersTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  devices: DevicesTable;
  pending_devices: PendingDevicesTable;
  location_samples: LocationSamplesTable;
  history_syncs: HistorySyncsTable;
  fast_location_leases: FastLocationLeasesTable;
  rescues: RescuesTable;
  rescue_participants: RescueParticipantsTable;
  messages: MessagesTable;
  idempotency_keys: IdempotencyKeysTable;
  message_templates: MessageTemplatesTable;
  zones: ZonesTable;
  zone_visits: ZoneVisitsTable;
  audit: AuditTable;
};
