import { randomUUID } from "node:crypto";
import type { AuthResponse, Device, DeviceBound, Invitation, Role } from "@dsp-fleet/contract";
import { connectHub, type HubClient, type HubClientOptions } from "./hub-client.ts";
import { type Answer, callRest, type RestOptions } from "./rest.ts";

export type Account = { name: string; email: string; password: string; auth: AuthResponse; token: string; id: number };
export type Colleague = { id: number; email: string; password: string; auth: AuthResponse; token: string };
export type Pending = { deviceGuid: string; code: string; expiresAt: string; pairingHub: string };
export type Report = {
  lat: number;
  lon: number;
  batteryPercent?: number | null;
  appVersion?: string | null;
  appLanguage?: string | null;
};

/** A phone that shows a code. */
export type Phone = {
  readonly guid: string;
  /** The latest code that it shows. */
  readonly code: string;
  /** Asks for another code, by the same GUID. */
  init(): Promise<Pending>;
  /** Connects to PairingHub and registers. */
  connect(options?: HubClientOptions): Promise<HubClient & { registered: boolean }>;
};

/** A bound phone that is online. */
export type FleetDevice = HubClient & {
  readonly id: number;
  readonly token: string;
  reportLocation(report: Report): Promise<unknown>;
};

export const accountDetails = (name: string) => ({
  email: `${name}@example.com`,
  password: `${name}'s password`,
  displayName: `Dispatcher of ${name}`,
  accountName: name,
  country: "DE",
  timezone: "Europe/Berlin",
});

/** What people and phones do with a server: by stock SignalR clients and fetch alone. */
export type People = AsyncDisposable & {
  readonly address: string;
  rest<T = Record<string, unknown>>(request: string, options?: RestOptions): Promise<Answer<T>>;
  /** Registers the account the first time. */
  account(name: string): Promise<Account>;
  /** Signs in again, for when its token has run out. */
  signIn(name: string): Promise<Account>;
  /** Invites somebody to the account, as its owner. */
  invite(name: string, person: { email: string; role: Role; displayName?: string }): Promise<Invitation>;
  /** Somebody else who works for the account: invited, and signed in with the link. */
  colleague(name: string, role: Role, email?: string): Promise<Colleague>;
  dashboard(name: string, options?: HubClientOptions): Promise<HubClient>;
  hub(path: "/hubs/fleet" | "/hubs/pairing", options?: HubClientOptions): Promise<HubClient>;
  /** A phone that has asked for a code. */
  phone(info?: Record<string, unknown>): Promise<Phone>;
  /** Enters a code as a dispatcher of the account. */
  enter(name: string, code: string, device?: { name?: string; identifier?: string | null }): Promise<Answer<Device>>;
  /** Pairs a phone and answers its token. */
  pair(name: string, device?: { name?: string; identifier?: string | null }): Promise<DeviceBound>;
  /** Pairs a phone and connects it to FleetHub. */
  device(
    options: { account: string; name?: string; identifier?: string },
    hub?: HubClientOptions,
  ): Promise<FleetDevice>;
  connectDevice(bound: Pick<DeviceBound, "deviceId" | "accessToken">, hub?: HubClientOptions): Promise<FleetDevice>;
};

export const newGuid = (): string => randomUUID().replaceAll("-", "");

export function createPeople(address: () => string): People {
  const accounts = new Map<string, Promise<Account>>();
  const open = new Set<HubClient>();
  const rest = <T>(request: string, options?: RestOptions) => callRest<T>(address(), request, options);

  async function register(name: string): Promise<Account> {
    const details = accountDetails(name);
    const { status, body: auth, text } = await rest<AuthResponse>("POST /api/auth/register", { body: details });
    if (status !== 201) throw new Error(`${name} could not register: ${status} ${text}`);
    return {
      name,
      email: details.email,
      password: details.password,
      auth,
      token: auth.accessToken,
      id: auth.account.id,
    };
  }

  async function hub(path: string, options?: HubClientOptions): Promise<HubClient> {
    const client = await connectHub(address() + path, options);
    open.add(client);
    return client;
  }

  const people: People = {
    get address() {
      return address();
    },
    rest,
    hub,
    account(name) {
      const account = accounts.get(name) ?? register(name);
      accounts.set(name, account);
      return account;
    },
    async signIn(name) {
      const known = await people.account(name);
      const { email, password } = known;
      const { body: auth } = await rest<AuthResponse>("POST /api/auth/login", { body: { email, password } });
      const account = { ...known, auth, token: auth.accessToken };
      accounts.set(name, Promise.resolve(account));
      return account;
    },
    async invite(name, person) {
      const { token } = await people.account(name);
      const { status, body, text } = await rest<Invitation>("POST /api/users", { token, body: person });
      if (status !== 201) throw new Error(`not invited: ${status} ${text}`);
      return body;
    },
    async colleague(name, role, email = `${role}-${newGuid().slice(0, 8)}@example.com`) {
      const invited = await people.invite(name, { email, role });
      const password = `the ${role}'s password`;
      const { status, body, text } = await rest<AuthResponse>("POST /api/auth/accept-invite", {
        body: { token: invited.token, password, displayName: `A ${role}` },
      });
      if (status !== 201) throw new Error(`the invitation was not taken: ${status} ${text}`);
      return { id: body.user.id, email, password, auth: body, token: body.accessToken };
    },
    async dashboard(name, options) {
      const { token } = await people.account(name);
      return hub("/hubs/fleet", { token, ...options });
    },
    async phone(info = {}) {
      const guid = newGuid();
      const init = async () => {
        const { status, body, text } = await rest<Pending>("POST /api/device/init", {
          body: { deviceGuid: guid, ...info },
        });
        if (status !== 200) throw new Error(`no code: ${status} ${text}`);
        return body;
      };
      let latest = await init();
      return {
        guid,
        get code() {
          return latest.code;
        },
        async init() {
          latest = await init();
          return latest;
        },
        async connect(options) {
          const client = await hub("/hubs/pairing", options);
          const registered = await client.invoke<boolean>("RegisterConnectionForPairing", guid);
          return Object.assign(client, { registered });
        },
      };
    },
    async enter(name, code, device = {}) {
      const { token } = await people.account(name);
      return rest<Device>("POST /api/devices/by-code", { token, body: { code, name: "Van", ...device } });
    },
    async pair(name, device) {
      const phone = await people.phone();
      const pairing = await phone.connect();
      const answer = await people.enter(name, phone.code, device);
      if (answer.status !== 201) throw new Error(`not paired: ${answer.status} ${answer.text}`);
      const { bound } = await pairing.next("DeviceBound");
      await pairing.stop();
      return bound as DeviceBound;
    },
    async device({ account, ...device }, options) {
      return people.connectDevice(await people.pair(account, device), options);
    },
    async connectDevice({ deviceId, accessToken }, options) {
      const client = await hub("/hubs/fleet", { token: accessToken, ...options });
      return Object.assign(client, {
        id: deviceId,
        token: accessToken,
        reportLocation: ({ lat, lon, batteryPercent, appVersion, appLanguage }: Report) =>
          client.invoke("ReportLocation", lat, lon, batteryPercent ?? null, appVersion ?? null, appLanguage ?? null),
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map((client) => client.stop()));
    },
  };
  return people;
}
