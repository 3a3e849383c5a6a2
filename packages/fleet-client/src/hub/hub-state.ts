/**
 * ```
 *  closed ──start()──▶ connecting ──▶ connected
 *    ▲                  │  ▲  │           │
 *    │   401 (twice) ◀──┘  │  └─▶ waiting ◀┘  lost
 *    └── stop() from any   └───────┘  time is up, or the network is back
 * ```
 */
export type HubState =
  /** `sinceMs`: since when there is no connection. */
  | { readonly kind: "connecting"; readonly sinceMs: number }
  | { readonly kind: "connected"; readonly sinceMs: number }
  /** The next attempt is at `retryAtMs`; `problem` is for a log, not for people. */
  | { readonly kind: "waiting"; readonly sinceMs: number; readonly retryAtMs: number; readonly problem: string }
  | { readonly kind: "closed"; readonly reason: "not-started" | "stopped" | "unauthorized" };
