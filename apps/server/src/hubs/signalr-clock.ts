import type { Clock as SignalRClock } from "@dsp-fleet/signalr";
import { type Clock, every } from "../clock.ts";

/** The application's clock as the SignalR server takes it. */
export function signalRClock(clock: Clock): SignalRClock {
  const stop = (undo: unknown) => (undo as () => void)();
  return {
    now: clock.now,
    setTimeout: (run, delayMs) => clock.after(delayMs, run),
    clearTimeout: stop,
    setInterval: (run, periodMs) => every(clock, periodMs, run),
    clearInterval: stop,
  };
}
