import type { Registry } from "prom-client";
import type { RestHandlers, RunningOperation } from "./context.ts";
import { ProblemError } from "./problem.ts";

export type RunningOptions = {
  readonly isReady: () => boolean | Promise<boolean>;
  readonly isDraining: () => boolean;
  readonly metrics: Registry;
};

/** Liveness, readiness and metrics: what a supervisor asks. */
export function runningHandlers({
  isReady,
  isDraining,
  metrics,
}: RunningOptions): Pick<RestHandlers, RunningOperation> {
  return {
    healthLive: () => ({ status: "live" }),
    async healthReady() {
      if (isDraining()) throw new ProblemError("unavailable", "The server is draining.", { retryAfterSeconds: 2 });
      if (!(await isReady()))
        throw new ProblemError("unavailable", "The server is not ready yet.", { retryAfterSeconds: 1 });
      return { status: "ready" };
    },
    metrics: () => metrics.metrics(),
  };
}
