import type { Need } from "../live/status.ts";
import { ageOf, ageText } from "../text/age.ts";
import type { Text } from "../text/i18n.ts";

export type NeedText = { readonly what: string; readonly cause: string };

/** What is wrong and probably why, in two short phrases. */
export function needText(t: Text, need: Need, now: number, batteryPercent: number | null): NeedText {
  switch (need.kind) {
    case "dark":
      return {
        what: t("need.dark", { age: ageText(t, ageOf(now - need.since)) }),
        cause: need.batteryEmpty
          ? t("need.darkEmpty", { percent: Math.round(batteryPercent ?? 0) })
          : t("need.darkCause"),
      };
    case "never-seen":
      return { what: t("need.neverSeen"), cause: t("need.neverSeenCause") };
    case "stale":
      return { what: t("need.stale", { age: ageText(t, ageOf(now - need.since)) }), cause: t("need.staleCause") };
    case "no-position":
      return {
        what: t("need.noPosition"),
        cause: t("need.noPositionCause", { age: ageText(t, ageOf(now - need.since)) }),
      };
    case "low-battery":
      return { what: t("need.lowBattery", { percent: Math.round(need.percent) }), cause: t("need.lowBatteryCause") };
  }
}
