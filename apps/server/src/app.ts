import type { AccountRepository } from "./accounts/account-repository.ts";
import type { Members } from "./accounts/members.ts";
import type { Passwords } from "./accounts/passwords.ts";
import type { Sessions } from "./accounts/sessions.ts";
import type { Tokens, VerifiedToken } from "./accounts/tokens.ts";
import type { UserRepository } from "./accounts/user-repository.ts";
import type { Clock } from "./clock.ts";
import type { Database } from "./database/database.ts";
import type { DeviceRepository } from "./devices/device-repository.ts";
import type { LiveDevices } from "./devices/live-devices.ts";
import type { FastLocation } from "./fast-location/fast-location.ts";
import type { History } from "./history/create-history.ts";
import type { Housekeeping } from "./housekeeping/housekeeping.ts";
import type { Tell } from "./hubs/tell.ts";
import type { SignInLimits } from "./limits/sign-in-limits.ts";
import type { TokenBuckets } from "./limits/token-buckets.ts";
import type { LocationJournal } from "./locations/location-journal.ts";
import type { Logger } from "./logger.ts";
import type { TemplateRepository } from "./message-templates/template-repository.ts";
import type { Messaging } from "./messages/messaging.ts";
import type { Collection } from "./pairing/collection.ts";
import type { GuessLimits } from "./pairing/guess-limits.ts";
import type { LiveCodes } from "./pairing/live-codes.ts";
import type { PairingDigests } from "./pairing/pairing-codes.ts";
import type { PairingConnections } from "./pairing/pairing-connections.ts";
import type { PendingRepository } from "./pairing/pending-repository.ts";
import type { Presence } from "./presence/presence.ts";
import type { Random } from "./random.ts";
import type { RescueRepository } from "./rescues/rescue-repository.ts";
import type { Rescues } from "./rescues/rescues.ts";
import type { ZoneVisits } from "./zone-visits/create-zone-visits.ts";
import type { Zones } from "./zones/create-zones.ts";

/** What handlers work with: made once in create-app.ts, handed to each. */
export type App = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly database: Database;

  readonly accounts: AccountRepository;
  readonly users: UserRepository;
  readonly members: Members;
  readonly signInLimits: SignInLimits;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  /** Fresh tokens by device. */
  readonly tokenRenewals: TokenBuckets;
  /** Who a token speaks for, with the role of now; null also when its device is no longer bound, its user gone or its session over. */
  readonly authenticate: (token: string) => Promise<VerifiedToken | null>;

  readonly devices: LiveDevices;
  readonly deviceRepository: DeviceRepository;
  readonly presence: Presence;
  readonly journal: LocationJournal;
  readonly history: History;

  readonly messages: Messaging;
  readonly messageTemplates: TemplateRepository;

  readonly pending: PendingRepository;
  readonly pairingConnections: PairingConnections;
  /** Connection → the pending row that lives with it. */
  readonly ownPending: Map<string, number>;
  readonly collection: Collection;
  readonly digests: PairingDigests;
  readonly guesses: GuessLimits;
  readonly codeRequests: TokenBuckets;
  readonly liveCodes: LiveCodes;

  readonly fastLocation: FastLocation;
  readonly rescues: Rescues;
  readonly rescueRepository: RescueRepository;
  readonly zones: Zones;
  readonly zoneVisits: ZoneVisits;

  readonly housekeeping: Housekeeping;

  readonly tell: Tell;
};
