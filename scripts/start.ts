import { resolve } from "node:path";
import { buildDashboard } from "./lib/build-dashboard.ts";

await buildDashboard(resolve(import.meta.dirname, ".."), (text) => process.stdout.write(`${text}\n`));
await import("../apps/server/src/main.ts");
