import type { Clock as SignalRClock } from "@dsp-fleet/signalr";
import type { Clock } from "../clock.ts";

/** The application's clock as the SignalR server takes it. */
export function signalRClock(clock: Clock): SignalRClock {
  const stop = (undo: unknown) => (undo as () => void)();
  return {
    now: clock.now,
    setTimeout: (run, delayMs) => clock.after(delayMs, run),
    clearTimeout: stop,
    setInterval(run, periodMs) {
      let undo: () => void;
      const tick = () => {
        undo = clock.after(periodMs, tick);
        run();
      };
      undo = clock.after(periodMs, tick);
      return () => undo();
    },
    clearInterval: stop,
  };
}
