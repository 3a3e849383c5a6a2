import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The root of this repository, whatever folder a script is started from. */
export const repository = fileURLToPath(new URL("../../", import.meta.url)).replace(/[/\\]$/, "");

export type Ended = { code: number; output: string };

/**
 * Runs a locked tool of this repository in `cwd`, on the locked Node, and gives its exit code and all it said.
 * Throws when the tool cannot be started; a tool that a signal ends counts as failed.
 */
export const runTool = (tool: string, args: readonly string[], cwd: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const tools = join(repository, "node_modules", ".bin");
    const child = spawn(join(tools, tool), args, {
      cwd,
      env: { ...process.env, PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}`, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      // Some tools colour whatever they are told as soon as CI is set.
      const output = stripVTControlCharacters(Buffer.concat(said).toString("utf8")).trimEnd();
      resolve(signal === null ? { code: code ?? 1, output } : { code: 1, output: `${output}\nended by ${signal}` });
    });
  });
