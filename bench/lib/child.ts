import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A process that answers each message with one message. */
export type Child<Question, Answer> = {
  /** The next message that comes unasked. */
  hears(): Promise<Answer>;
  ask<A = Answer>(question: Question): Promise<A>;
  end(): void;
};

/** What every server runs with: the flags that npm start gives ours. */
export function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

/** Starts a module in a process of its own, with these flags for Node; it ends when its parent does. */
export function startChild<Question, Answer>(module: URL, flags: string[] = []): Child<Question, Answer> {
  const file = fileURLToPath(module);
  const child: ChildProcess = fork(file, { serialization: "advanced", execArgv: flags });
  const next = <A>() =>
    new Promise<A>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${file} ended with ${code}`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message as A);
      });
    });
  return {
    hears: () => next<Answer>(),
    ask<A = Answer>(question: Question): Promise<A> {
      const answer = next<A>();
      child.send(question as never);
      return answer;
    },
    end() {
      if (child.connected) child.disconnect();
    },
  };
}
