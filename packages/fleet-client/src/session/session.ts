import type { Account, AuthResponse, OperationRequest, Operations, User } from "@dsp-fleet/contract";
import { type Clock, systemClock } from "../clock.ts";
import { createListeners } from "../listeners.ts";
import { type Locks, platformLocks } from "../platform.ts";
import { isFleetError } from "../rest/fleet-error.ts";
import type { RestClient } from "../rest/rest-client.ts";
import { readStored, type SessionStorage, type StoredSession, toStored } from "./stored-session.ts";

export type SignedIn = { readonly user: User; readonly account: Account };

export type Session = Disposable & {
  /** Who is signed in; null when nobody is. The same object until that changes. */
  readonly signedIn: SignedIn | null;
  onChange(listener: (signedIn: SignedIn | null) => void): () => void;
  signIn(body: OperationRequest<Operations["login"]>["body"]): Promise<void>;
  register(body: OperationRequest<Operations["register"]>["body"]): Promise<void>;
  /** Uses an invitation's link up: the person has a password from then on, and is signed in; whoever was is signed out. */
  acceptInvite(body: OperationRequest<Operations["acceptInvite"]>["body"]): Promise<void>;
  /** Also without a network: the server is told if it can be. */
  signOut(): Promise<void>;
  /** An AccessTokenSource: a token good for 30 s or more, or null; refreshes when needed, once for all who ask. */
  accessToken(refused?: string): Promise<string | null>;
  /** Runs `refresh` with the refresh token of now, one at a time over all tabs; null from it means refused, and signs out. */
  renew(refresh: (refreshToken: string) => Promise<AuthResponse | null>): Promise<void>;
  /** When the access token runs out, by this machine's clock. */
  readonly goodUntilMs: number | null;
};

export type SessionOptions = {
  rest: Pick<RestClient, "login" | "register" | "acceptInvite" | "refresh" | "logout">;
  /** localStorage in a browser. */
  storage: SessionStorage;
  /** Where `storage` events of other tabs come: window in a browser. */
  otherTabs?: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  locks?: Locks | null;
  clock?: Clock;
  key?: string;
};

/** A token that has less left is refreshed before use: longer than a slow request, far shorter than a token's life. */
const refreshBeforeMs = 30_000;
/** Signing out must not wait for a server that is away. */
const logoutTimeoutMs = 3_000;

export function createSession(options: SessionOptions): Session {
  const { rest, storage, otherTabs, clock = systemClock, key = "dsp-fleet.session" } = options;
  const locks = options.locks === undefined ? platformLocks() : options.locks;
  const changes = createListeners<SignedIn | null>();
  let signedIn: SignedIn | null = null;
  let refreshing: Promise<string | null> | null = null;
  notice();

  const read = (): StoredSession | null => readStored(storage.getItem(key));

  /** Brings `signedIn` in line with what is stored, and tells. */
  function notice(): void {
    const auth = readStored(storage.getItem(key))?.auth ?? null;
    const next = auth === null ? null : { user: auth.user, account: auth.account };
    if (JSON.stringify(next) === JSON.stringify(signedIn)) return;
    signedIn = next;
    changes.emit(next);
  }

  function keep(auth: AuthResponse): void {
    storage.setItem(key, JSON.stringify(toStored(auth, clock.now())));
    notice();
  }

  /** Forgets the session, unless another one has taken its place meanwhile. */
  function forget(refreshToken: string): void {
    if (read()?.auth.refreshToken !== refreshToken) return;
    storage.removeItem(key);
    notice();
  }

  /** Tells the server if it can be told. */
  async function endOnServer({ auth: { refreshToken } }: StoredSession): Promise<void> {
    await rest.logout({ body: { refreshToken }, signal: AbortSignal.timeout(logoutTimeoutMs) }).catch(() => {});
  }

  const exclusively = <T>(action: () => Promise<T>): Promise<T> =>
    locks === null ? action() : locks.request(key, action);
  const isGood = (stored: StoredSession, refused: string | undefined): boolean =>
    stored.auth.accessToken !== refused && stored.goodUntilMs - clock.now() >= refreshBeforeMs;

  async function refresh(refused: string | undefined): Promise<string | null> {
    return exclusively(async () => {
      // Another tab may have refreshed while this one waited for the lock.
      const stored = read();
      if (stored === null) return null;
      if (isGood(stored, refused)) return stored.auth.accessToken;
      const { refreshToken } = stored.auth;
      try {
        const auth = await rest.refresh({ body: { refreshToken } });
        // Signed out meanwhile, or somebody else signed in.
        if (read()?.auth.user.id !== stored.auth.user.id) return read()?.auth.accessToken ?? null;
        keep(auth);
        return auth.accessToken;
      } catch (error) {
        if (isFleetError(error, "invalid-refresh-token")) {
          forget(refreshToken);
          return read()?.auth.accessToken ?? null;
        }
        const stillGood = stored.auth.accessToken !== refused && stored.goodUntilMs > clock.now();
        if (stillGood) return stored.auth.accessToken;
        throw error;
      }
    });
  }

  const onStorage = (event: Event): void => {
    const changed = "key" in event ? event.key : null;
    if (changed === key || changed === null) notice();
  };
  otherTabs?.addEventListener("storage", onStorage);

  return {
    get signedIn() {
      return signedIn;
    },
    get goodUntilMs() {
      return read()?.goodUntilMs ?? null;
    },
    onChange: (listener) => changes.add(listener),
    async signIn(body) {
      keep(await rest.login({ body }));
    },
    async register(body) {
      keep(await rest.register({ body }));
    },
    async acceptInvite(body) {
      const auth = await rest.acceptInvite({ body });
      // While it is still theirs: nobody but the person can end their session.
      const other = read();
      if (other !== null) await endOnServer(other);
      keep(auth);
    },
    async signOut() {
      const stored = read();
      if (stored === null) return;
      await endOnServer(stored);
      storage.removeItem(key);
      notice();
    },
    async accessToken(refused) {
      const stored = read();
      if (stored === null) return null;
      if (isGood(stored, refused)) return stored.auth.accessToken;
      refreshing ??= refresh(refused).finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    async renew(refreshBy) {
      await exclusively(async () => {
        const stored = read();
        if (stored === null) return;
        const auth = await refreshBy(stored.auth.refreshToken);
        if (auth === null) forget(stored.auth.refreshToken);
        else if (read() !== null) keep(auth);
      });
    },
    [Symbol.dispose]: () => otherTabs?.removeEventListener("storage", onStorage),
  };
}
