import { type GateName, gateNames } from "./checks/gates.ts";
import { gateReport, runGates } from "./checks/run-gates.ts";
import { repository } from "./lib/run.ts";

// npm run check: every gate; node scripts/check.ts types lint: the named ones.

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !gateNames.some((it) => it === name));
if (unknown.length > 0) {
  process.stderr.write(`No gate is named ${unknown.join(", ")}. There are: ${gateNames.join(", ")}.\n`);
  process.exit(2);
}

const names: readonly GateName[] = asked.length === 0 ? gateNames : gateNames.filter((name) => asked.includes(name));
const results = await runGates(names, repository, (result) => process.stdout.write(`${gateReport(result)}\n`));
process.exitCode = results.some(({ findings }) => findings.length > 0) ? 1 : 0;
