import { type Child, flagsOfStart, startChild } from "../lib/child.ts";
import type { Order, Outcome } from "./load/generate.ts";
import { type Ask, dashboardCount, type Listening, type SubjectName, type Usage, vanCount } from "./shape.ts";

const files: Record<SubjectName, string> = {
  "dsp-fleet": "subjects/dsp-fleet.ts",
  ws: "subjects/ws.ts",
  "socket.io": "subjects/socket-io.ts",
};

export type Measured = {
  reportsPerSecond: number;
  cpuMicrosecondsPerReport: number;
  mainThreadMicrosecondsPerReport: number;
  latenciesMs: number[];
  behind: boolean;
};

export type Subject = AsyncDisposable & {
  usage(ask: "usage" | "memory"): Promise<Usage>;
  connect(vans: number, dashboards: number): Promise<void>;
  measure(reportsPerSecond: number, seconds: number): Promise<Measured>;
};

/** A server in a process of its own, and a load generator in another. */
export async function startSubject(name: SubjectName): Promise<Subject> {
  const server: Child<Ask, Usage> = startChild(new URL(files[name], import.meta.url), flagsOfStart());
  const load: Child<Order, Outcome> = startChild(new URL("load/generate.ts", import.meta.url));
  const listening = (await server.hears()) as unknown as Listening;
  const usage = (ask: "usage" | "memory") => server.ask(ask);
  return {
    usage,
    async connect(vans = vanCount, dashboards = dashboardCount) {
      await load.ask({ kind: "connect", subject: name, listening, vans, dashboards });
    },
    async measure(reportsPerSecond, seconds) {
      const before = await usage("usage");
      const outcome = await load.ask({ kind: "run", reportsPerSecond, seconds });
      const after = await usage("usage");
      const reports = after.reports - before.reports;
      return {
        reportsPerSecond: reports / seconds,
        cpuMicrosecondsPerReport: (after.cpuMicroseconds - before.cpuMicroseconds) / reports,
        mainThreadMicrosecondsPerReport: (after.mainThreadMicroseconds - before.mainThreadMicroseconds) / reports,
        latenciesMs: outcome.latenciesMs,
        behind: outcome.behind,
      };
    },
    async [Symbol.asyncDispose]() {
      load.end();
      server.end();
      await new Promise((resume) => setTimeout(resume, 500));
    },
  };
}
