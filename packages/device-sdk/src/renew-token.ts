import type { RestClient } from "@dsp-fleet/fleet-client";
import { type Clock, isFleetError } from "@dsp-fleet/fleet-client";

/** How much of its life a token may spend before it is replaced: a phone that lay in a drawer for a month still has two. */
const renewAfterPart = 1 / 3;
/** Between looks; also the longest that a failed renewal waits. A look costs nothing. */
const lookEveryMs = 6 * 3_600_000;

export type TokenRenewal = {
  rest: Pick<RestClient, "renewDeviceToken">;
  token(): string;
  /** Resolves once the new token would survive a crash. */
  keep(token: string): Promise<void>;
  clock: Clock;
  onProblem(error: unknown): void;
};

/**
 * Replaces the phone's token long before it runs out. The old one stays good, so a lost answer costs nothing. A phone whose clock is
 * before the token's making cannot tell how old it is, and renews at each look. The answer ends it.
 */
export function keepTokenFresh({ rest, token, keep, clock, onProblem }: TokenRenewal): () => void {
  let over = false;
  let cancel = () => {};

  async function look(): Promise<void> {
    try {
      if (isDue(token(), clock.now())) {
        const { accessToken } = await rest.renewDeviceToken();
        if (!over) await keep(accessToken);
      }
    } catch (error) {
      // Whether the phone was unbound is found out where the hub says so; a network that is away is no problem.
      if (!isFleetError(error)) onProblem(error);
    }
    if (!over) cancel = clock.after(lookEveryMs, () => void look());
  }

  void look();
  return () => {
    over = true;
    cancel();
  };
}

function isDue(token: string, nowMs: number): boolean {
  const life = lifeOf(token);
  if (life === null) return false;
  const age = nowMs / 1000 - life.iat;
  return age < 0 || age >= (life.exp - life.iat) * renewAfterPart;
}

/** When a JWT was made and when it ends, in seconds; null when it cannot be read. */
function lifeOf(token: string): { iat: number; exp: number } | null {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: unknown; exp?: unknown };
    return typeof iat === "number" && typeof exp === "number" ? { iat, exp } : null;
  } catch {
    return null;
  }
}
