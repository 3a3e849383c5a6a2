import { runTool } from "../lib/run.ts";

/** One thing that is wrong; `at` is a file, with `:line` where known, or empty where the text says it. */
export type Finding = { at: string; says: string };

/** Looks at the project under `root` and tells what is wrong with it; no findings means that it is in order. */
export type Gate = (root: string) => Promise<Finding[]>;

/** A gate that is a tool of its own: it passes when the tool exits with 0, else its whole output is the finding. */
export const toolGate =
  (tool: string, ...args: string[]): Gate =>
  async (root) => {
    const { code, output } = await runTool(tool, args, root);
    return code === 0 ? [] : [{ at: "", says: output === "" ? `${tool} exited with ${code}` : output }];
  };
