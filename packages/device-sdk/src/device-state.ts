import type { DeviceBound } from "@dsp-fleet/contract";

/** What the phone was told about itself when it was bound. */
export type DeviceSettings = Omit<DeviceBound, "accessToken">;

export type DeviceState =
  /** Not started, or not yet reached the server for a code. */
  | { readonly kind: "fresh" }
  /** Show the code; it is replaced by a fresh one before `expiresAtMs`. */
  | { readonly kind: "pairing"; readonly code: string; readonly expiresAtMs: number }
  /** Has its token; connects for the first time since the start. */
  | { readonly kind: "bound"; readonly device: DeviceSettings }
  | { readonly kind: "connected"; readonly device: DeviceSettings; readonly sinceMs: number }
  /** Keeps its fixes and tries again. */
  | { readonly kind: "offline"; readonly device: DeviceSettings; readonly sinceMs: number }
  /** The account let it go: token and fixes are wiped. `start()` after `stop()` pairs it anew. */
  | { readonly kind: "unbound" };
