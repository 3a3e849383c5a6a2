import type { FleetHub } from "@dsp-fleet/contract";
import { type Clock, systemClock } from "../clock.ts";
import type { HubClient } from "../hub/hub-client.ts";
import type { Session } from "./session.ts";

/** How long before the end of a connection's token it is renewed. */
const renewBeforeMs = 60_000;
/** After a renewal that could not be made; the server leaves an expired connection open for 60 s. */
const tryAgainMs = 15_000;

/** Renews the token of a live FleetHub connection in place, so that a screen stays connected all day. The answer ends it. */
export function keepHubSignedIn(hub: HubClient<FleetHub>, session: Session, clock: Clock = systemClock): () => void {
  let cancel = () => {};

  const schedule = (inMs: number): void => {
    cancel();
    cancel = clock.after(Math.max(0, inMs), () => void renew());
  };
  const scheduleByToken = (): void => {
    if (session.goodUntilMs !== null) schedule(session.goodUntilMs - clock.now() - renewBeforeMs);
  };
  async function renew(): Promise<void> {
    if (hub.state.kind !== "connected") return;
    try {
      await session.renew((refreshToken) => hub.invoke("RequestTokenRefresh", { refreshToken }));
      scheduleByToken();
    } catch {
      schedule(tryAgainMs);
    }
  }

  const forget = hub.onConnected(scheduleByToken);
  if (hub.state.kind === "connected") scheduleByToken();
  return () => {
    forget();
    cancel();
  };
}
