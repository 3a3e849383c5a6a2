import type { WriteStream } from "node:tty";

/** One line that says how far a run is. */
export type Progress = {
  /** Replaces the line; on a stream that is no terminal, only what `print` is given is shown. */
  show: (line: string) => void;
  /** Writes lines that stay. */
  print: (text: string) => void;
};

/** A live line at the foot of a terminal. */
export const progressOn = (stream: Pick<WriteStream, "write" | "isTTY" | "columns">): Progress => {
  const clear = stream.isTTY ? "\r\u001B[2K" : "";
  return {
    show: (line) => {
      if (stream.isTTY) stream.write(`${clear}${line.slice(0, stream.columns - 1)}`);
    },
    print: (text) => stream.write(`${clear}${text}\n`),
  };
};
