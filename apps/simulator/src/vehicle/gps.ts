import { METERS_PER_DEGREE, metersPerDegreeLon, ROAD_CLASSES, type RoadClass } from "@dsp-fleet/city/roads";
import type { Random } from "../random.ts";

/** Deviation of one axis in metres: wide roads see much sky, narrow streets see walls. */
const DEVIATION_METERS: Readonly<Record<RoadClass, number>> = {
  motorway: 2,
  trunk: 2,
  ramp: 2.5,
  primary: 2.5,
  secondary: 2.5,
  tertiary: 3,
  minor: 4.5,
  service: 5.5,
};
const BY_CLASS = Float64Array.from(ROAD_CLASSES, (name) => DEVIATION_METERS[name]);
const STANDING_METERS = 4;
const WITHOUT_NETWORK = 2.5;
const IN_TUNNEL = 7;

/** An error lasts: a fix is wrong in the same direction as the one before. */
const MEMORY_SECONDS = 30;
/** A receiver gets better and worse within seconds. */
const SETTLE_SECONDS = 6;
/** Receivers state the radius that holds 68 % of fixes: 1.5 deviations of an axis. */
const ACCURACY_DEVIATIONS = 1.5;
/** No fix is farther off than this many times its stated accuracy. */
export const WORST_OFFSET = 2;

export type GpsSurroundings = {
  /** Number of the road class; null where the van stands at a stop. */
  readonly roadClass: number | null;
  readonly inTunnel: boolean;
  readonly hasNetwork: boolean;
};

export type Gps = {
  readonly accuracyMeters: () => number;
  /** Where the receiver believes to be. */
  readonly fix: (lat: number, lon: number) => { readonly lat: number; readonly lon: number };
  readonly advance: (seconds: number, surroundings: GpsSurroundings) => void;
};

const deviationIn = ({ roadClass, inTunnel, hasNetwork }: GpsSurroundings): number => {
  const open = roadClass === null ? STANDING_METERS : (BY_CLASS[roadClass] ?? STANDING_METERS);
  return open * (inTunnel ? IN_TUNNEL : hasNetwork ? 1 : WITHOUT_NETWORK);
};

/** A receiver whose error wanders (a Gauss–Markov process) and grows where the sky is narrow. */
export const createGps = (random: Random): Gps => {
  let north = random.normal();
  let east = random.normal();
  let deviation = STANDING_METERS;
  return {
    accuracyMeters: () => deviation * ACCURACY_DEVIATIONS,
    fix(lat, lon) {
      const length = Math.hypot(north, east);
      const most = WORST_OFFSET * ACCURACY_DEVIATIONS;
      const scale = deviation * (length > most ? most / length : 1);
      return {
        lat: lat + (north * scale) / METERS_PER_DEGREE,
        lon: lon + (east * scale) / metersPerDegreeLon(lat),
      };
    },
    advance(seconds, surroundings) {
      const kept = Math.exp(-seconds / MEMORY_SECONDS);
      const fresh = Math.sqrt(1 - kept * kept);
      north = kept * north + fresh * random.normal();
      east = kept * east + fresh * random.normal();
      deviation += (deviationIn(surroundings) - deviation) * (1 - Math.exp(-seconds / SETTLE_SECONDS));
    },
  };
};
