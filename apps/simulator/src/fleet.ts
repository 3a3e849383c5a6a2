import { createRandom } from "./random.ts";

/** How one van of a fleet is called, and what its phone is. The same for the same seed. */
export type VanPlan = {
  readonly key: string;
  readonly seed: string;
  readonly name: string;
  /** Its plate. */
  readonly identifier: string;
  readonly model: string;
  readonly osVersion: string;
  readonly appLanguage: string;
};

/** Spanish plates have no vowels, no Ñ and no Q. */
const PLATE_LETTERS = "BCDFGHJKLMNPRSTVWXYZ";
const PHONES = [
  { model: "Galaxy XCover7", osVersion: "14" },
  { model: "Galaxy A15", osVersion: "14" },
  { model: "moto g34", osVersion: "14" },
  { model: "TC22", osVersion: "13" },
] as const;
const LANGUAGES = ["es", "ca", "en", "ar"] as const;

export const planFleet = (vans: number, seed: number): readonly VanPlan[] => {
  const digits = Math.max(2, String(vans).length);
  return Array.from({ length: vans }, (_, at) => {
    const number = String(at + 1).padStart(digits, "0");
    const vanSeed = `${seed}/van ${at + 1}`;
    const random = createRandom(vanSeed).stream("papers");
    const letters = Array.from({ length: 3 }, () => random.pick(PLATE_LETTERS)).join("");
    return {
      key: `${seed}-${at + 1}`,
      seed: vanSeed,
      name: `Van ${number}`,
      identifier: `${String(random.integer(0, 9999)).padStart(4, "0")} ${letters}`,
      appLanguage: random.pick(LANGUAGES),
      ...random.pick(PHONES),
    };
  });
};
