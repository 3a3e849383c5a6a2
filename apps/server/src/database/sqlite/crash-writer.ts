// Run as a program: writes without end and names each write once it is acknowledged. Its parent kills it.
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { aDevice, aFix, anAccount, silent } from "../testing.ts";
import { openSqlite } from "./open.ts";

export type Writer = {
  /** Resolves at the first acknowledged write. */
  readonly firstWrite: Promise<void>;
  /** Everything it acknowledged, once it has ended. */
  readonly ended: Promise<string>;
  /** What it complained of by then. */
  readonly complaints: Promise<string>;
  kill(): void;
};

/** Starts this file as a process of its own. */
export function startWriter(file: string): Writer {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let wrote: (() => void) | undefined;
  const firstWrite = new Promise<void>((resolve) => {
    wrote = resolve;
  });
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes("\n")) wrote?.();
  };
  child.stdout.on("data", hear);
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(said)));
  const complaints = ended.then(() => complaint);
  return { firstWrite, ended, complaints, kill: () => child.kill("SIGKILL") };
}

/** "device time" for each acknowledged fix. Every write comes with a transaction of two audit rows. */
async function writeForEver(file: string): Promise<void> {
  const database = await openSqlite({ file, logger: silent });
  const accountId = await anAccount(database);
  const devices = [await aDevice(database, accountId), await aDevice(database, accountId)];
  const line = async (deviceId: number) => {
    for (let atMs = 1; ; atMs += 3) {
      const samples = [0, 1, 2].map((i) => aFix({ deviceId, accountId, atMs: atMs + i }));
      await database.writeLocations({ samples, devices: [] });
      const row = { account_id: accountId, actor: "test", action: "write", entity: "device", at: atMs, detail: "{}" };
      await database.transaction(async (tx) => {
        await tx
          .insertInto("audit")
          .values({ ...row, entity_id: `${deviceId}` })
          .execute();
        await tx
          .insertInto("audit")
          .values({ ...row, entity_id: `${deviceId}` })
          .execute();
      });
      writeSync(1, `${deviceId} ${atMs}\n`);
    }
  };
  await Promise.all(devices.map(line));
}

const [, program, file] = process.argv;
if (program === fileURLToPath(import.meta.url) && file !== undefined)
  await writeForEver(file).catch((error: unknown) => {
    writeSync(2, `${String(error)}\n`);
    process.exitCode = 1;
  });
