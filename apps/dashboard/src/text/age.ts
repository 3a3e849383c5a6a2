import type { Text } from "./i18n.ts";

export type AgeUnit = "seconds" | "minutes" | "hours" | "days";
export type Age = { readonly value: number; readonly unit: AgeUnit };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration in the largest unit that it fills, rounded down; a negative one counts as nothing. */
export function ageOf(ms: number): Age {
  if (ms < minute) return { value: Math.max(0, Math.floor(ms / second)), unit: "seconds" };
  if (ms < hour) return { value: Math.floor(ms / minute), unit: "minutes" };
  if (ms < 2 * day) return { value: Math.floor(ms / hour), unit: "hours" };
  return { value: Math.floor(ms / day), unit: "days" };
}

/** In steps of 10 s below a minute: for labels on the map, where a number that ticks is noise. */
function coarseAge(ms: number): Age {
  const age = ageOf(ms);
  return age.unit === "seconds" ? { value: Math.floor(age.value / 10) * 10, unit: "seconds" } : age;
}

/** `12 min`. */
export const ageText = (t: Text, { value, unit }: Age): string => t(`age.${unit}`, { value });

/** `12 minutes`, for screen readers. */
export const spokenAge = (t: Text, { value, unit }: Age): string => t(`age.spoken.${unit}`, { count: value });

/** `12 min ago`, `just now` below one second. */
export function agoText(t: Text, ms: number): string {
  return ms < second ? t("age.justNow") : t("age.ago", { age: ageText(t, ageOf(ms)) });
}

/** `now`, `10 s`, `12 min`. */
export function labelAgeText(t: Text, ms: number): string {
  const age = coarseAge(ms);
  return age.value === 0 ? t("age.now") : ageText(t, age);
}
