import { isFleetError } from "@dsp-fleet/fleet-client";
import type { Phone } from "./phone.ts";

export type BindRequest = { readonly code: string; readonly name: string; readonly identifier: string };
/** Enters a code as a dispatcher does; rejects with the FleetError of the server. */
export type Bind = (request: BindRequest) => Promise<void>;

const MOST_TRIES = 4;

/** Starts a phone and sees it owned: one that was paired in an earlier run goes on, any other is paired by the code it shows. */
export const enroll = async (phone: Phone, bind: Bind, signal: AbortSignal): Promise<"paired" | "known"> => {
  phone.device.start();
  const first = await phone.reaches(["pairing", "bound"], signal);
  if (first.kind === "bound") {
    const next = await phone.reaches(["connected", "offline", "unbound"], signal);
    if (next.kind !== "unbound") return "known";
    // This account let it go, or it is another server: begin anew.
    await phone.device.stop();
    phone.device.start();
  }
  await enterCode(phone, bind, signal);
  return "paired";
};

const enterCode = async (phone: Phone, bind: Bind, signal: AbortSignal): Promise<void> => {
  const { name, identifier } = phone.plan;
  let suffix = "";
  for (let tries = 1; ; tries++) {
    const shown = await phone.reaches(["pairing"], signal);
    if (shown.kind !== "pairing") throw new Error("the phone shows no code");
    try {
      await bind({ code: shown.code, name, identifier: `${identifier}${suffix}` });
      await phone.reaches(["bound", "connected", "offline"], signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (tries === MOST_TRIES) throw error;
      if (isFleetError(error, "identifier-taken")) suffix = ` ${tries + 1}`;
      else if (isFleetError(error, "rate-limited")) await pause((error.retryAfterSeconds ?? 1) * 1000, signal);
      else throw error;
    }
  }
};

const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    signal.addEventListener("abort", stop, { once: true });
  });
