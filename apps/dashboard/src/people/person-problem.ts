import { isFleetError } from "@dsp-fleet/fleet-client";
import type { Text } from "../text/i18n.ts";
import { problemText } from "../ui/problem-text.ts";

/** Why something about a person was not done. */
export function personProblem(t: Text, error: unknown): string {
  return isFleetError(error, "not-found") ? t("people.gone") : problemText(t, error);
}
