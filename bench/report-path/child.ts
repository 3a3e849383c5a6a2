import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A process that answers each message with one message. */
export type Child<Question, Answer> = {
  first: Promise<Answer>;
  ask<A = Answer>(question: Question): Promise<A>;
  end(): void;
};

/** Every server runs with the flags that npm start gives ours. */
function flagsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

export function startChild<Question, Answer>(file: string): Child<Question, Answer> {
  const child: ChildProcess = fork(join(import.meta.dirname, file), {
    serialization: "advanced",
    execArgv: file.startsWith("subjects") ? flagsOfStart() : [],
  });
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
    first: file.startsWith("subjects") ? next<Answer>() : Promise.resolve(undefined as Answer),
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
