import type { Random } from "../random.ts";

/** Screen, GPS and network in use. */
const DRAIN_PER_HOUR = 11;
/** A charger in the dashboard, minus what the phone uses. */
const CHARGE_PER_HOUR = 28;
/** The rack in the depot, or a fresh phone from it. */
const DEPOT_CHARGE_PER_HOUR = 300;
const HAS_CHARGER = 0.8;
const UNPLUG_AT = 95;

export type Battery = {
  /** In [0, 100]. */
  readonly percent: () => number;
  readonly advance: (seconds: number, atDepot: boolean) => void;
};

/** A phone's battery over the day: it drains, and a driver who has a charger plugs it in when it is low. */
export const createBattery = (random: Random): Battery => {
  let percent = random.between(60, 100);
  let plugged = false;
  const hasCharger = random.chance(HAS_CHARGER);
  const plugAt = random.between(10, 40);
  return {
    percent: () => percent,
    advance(seconds, atDepot) {
      if (hasCharger && percent < plugAt) plugged = true;
      else if (percent >= UNPLUG_AT) plugged = false;
      const perHour = atDepot ? DEPOT_CHARGE_PER_HOUR : plugged ? CHARGE_PER_HOUR : -DRAIN_PER_HOUR;
      percent = Math.max(0, Math.min(100, percent + (perHour * seconds) / 3600));
    },
  };
};
