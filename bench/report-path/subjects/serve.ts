import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Ask, Listening, Usage } from "../shape.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Answers the parent's questions for a subject that counts its reports. */
export function answerParent(listening: Listening, reports: () => number, stop: () => Promise<void>): void {
  const usage = (): Usage => {
    const all = process.cpuUsage();
    const main = process.threadCpuUsage();
    const memory = process.memoryUsage();
    return {
      cpuMicroseconds: all.user + all.system,
      mainThreadMicroseconds: main.user + main.system,
      reports: reports(),
      rssBytes: memory.rss,
      heapBytes: memory.heapUsed + memory.external,
    };
  };
  process.on("message", (ask: Ask) => {
    switch (ask) {
      case "usage":
        process.send?.(usage());
        return;
      case "memory":
        collectGarbage();
        setTimeout(() => {
          collectGarbage();
          process.send?.(usage());
        }, 500);
        return;
      case "stop":
        void stop().then(() => process.exit(0));
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(listening);
}
