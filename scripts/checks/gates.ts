import { boundaries } from "./boundaries.ts";
import { type Gate, toolGate } from "./gate.ts";
import { lock } from "./lock.ts";
import { types } from "./types.ts";
import { versions } from "./versions.ts";
import { words } from "./words.ts";

/** Every check of the repository by its name, the slow ones first so that they start first. */
export const gates = {
  types,
  lint: toolGate("oxlint", "--type-aware", "--deny-warnings", "--report-unused-disable-directives", "."),
  unused: toolGate("knip", "--no-progress"),
  format: toolGate("biome", "check", "--max-diagnostics=200", "."),
  boundaries,
  versions,
  lock,
  words,
} satisfies Record<string, Gate>;

export type GateName = keyof typeof gates;
export const gateNames = Object.keys(gates) as GateName[];
