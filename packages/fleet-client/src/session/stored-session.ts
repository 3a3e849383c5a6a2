import { type AuthResponse, authResponse } from "@dsp-fleet/contract";

/** What is used of localStorage. */
export type SessionStorage = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** A storage that ends with the process. */
export function memoryStorage(): SessionStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

export type StoredSession = {
  readonly auth: AuthResponse;
  /** When the access token runs out, by the clock of this machine. */
  readonly goodUntilMs: number;
};

/** The token's life is counted from now: this machine's clock may be hours off the server's. */
export function toStored(auth: AuthResponse, nowMs: number): StoredSession {
  return {
    auth,
    goodUntilMs: nowMs + (tokenLifeMs(auth.accessToken) ?? Date.parse(auth.accessTokenExpiresAt) - nowMs),
  };
}

export function readStored(text: string | null): StoredSession | null {
  if (text === null) return null;
  try {
    const { auth, goodUntilMs } = JSON.parse(text) as { auth?: unknown; goodUntilMs?: unknown };
    const parsed = authResponse.safeParse(auth);
    return parsed.success && typeof goodUntilMs === "number" ? { auth: parsed.data, goodUntilMs } : null;
  } catch {
    return null;
  }
}

/** exp − iat of a JWT in milliseconds; null when it cannot be read. */
function tokenLifeMs(token: string): number | null {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: unknown; exp?: unknown };
    return typeof iat === "number" && typeof exp === "number" ? (exp - iat) * 1000 : null;
  } catch {
    return null;
  }
}
