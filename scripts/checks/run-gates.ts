import type { Finding } from "./gate.ts";
import { type GateName, gates } from "./gates.ts";

export type GateResult = { name: GateName; findings: Finding[]; seconds: number };

/** Two gates at a time: the slow ones are native tools that would only slow each other down. */
const concurrency = 2;

/** Runs gates on the project under `root` and tells each result as it comes; a gate that throws has failed. */
export const runGates = async (
  names: readonly GateName[],
  root: string,
  tell: (result: GateResult) => void,
): Promise<GateResult[]> => {
  const waiting = [...names];
  const results: GateResult[] = [];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const start = performance.now();
      const findings = await gates[name](root).catch((error: unknown) => [{ at: "", says: String(error) }]);
      const result = { name, findings, seconds: (performance.now() - start) / 1000 };
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
};

/** One plain line for a gate, and below it all that it found. */
export const gateReport = ({ name, findings, seconds }: GateResult): string => {
  const line = `${findings.length === 0 ? "✓" : "✗"} ${name.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s`;
  const list = findings.map(({ at, says }) => (at === "" ? says : `${at}  ${says}`));
  return [line, ...list].join("\n");
};
