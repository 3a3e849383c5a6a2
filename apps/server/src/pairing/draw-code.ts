import type { App } from "../app.ts";
import { ProblemError } from "../http/problem.ts";
import { newPairingCode } from "./pairing-codes.ts";

/** With a thousand live codes a draw meets a live one once in a million times. */
const maximumDraws = 10;

/** Codes are refused while this address has too many of them. */
export function refuseWhileWaiting(waitSeconds: number): void {
  if (waitSeconds === 0) return;
  throw new ProblemError("rate-limited", "Too many codes were asked for from here. Try again shortly.", {
    retryAfterSeconds: waitSeconds,
  });
}

/** Draws codes until `keep` takes one; `keep` answers null when another phone shows it. */
export async function drawCode<T>(
  app: Pick<App, "random" | "digests">,
  keep: (codeMac: string) => Promise<T | null>,
): Promise<{ code: string; kept: T }> {
  for (let draw = 0; draw < maximumDraws; draw += 1) {
    const code = newPairingCode(app.random);
    const kept = await keep(app.digests.ofCode(code));
    if (kept !== null) return { code, kept };
  }
  throw new Error("no free pairing code was drawn");
}
