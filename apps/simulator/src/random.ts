/** A stream of random numbers that repeats for the same seed. */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number;
  /** In [min, max). */
  readonly between: (min: number, max: number) => number;
  /** A whole number from min to max, both included. */
  readonly integer: (min: number, max: number) => number;
  readonly chance: (probability: number) => boolean;
  /** Normally distributed, mean 0, deviation 1. */
  readonly normal: () => number;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: ArrayLike<T>) => T;
  /** A stream of its own, named; it depends on the seed and the name alone, not on what was drawn before. */
  readonly stream: (name: string) => Random;
};

/** 32 well-mixed bits from a text and a number (FNV-1a, then an avalanche). */
const hash = (text: string, salt: number): number => {
  let bits = 0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b9);
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};

/** Starts a stream (generator sfc32). */
export const createRandom = (seed: string): Random => {
  let a = hash(seed, 0);
  let b = hash(seed, 1);
  let c = hash(seed, 2);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first draws still show the seed's likeness to its neighbours.
  for (let round = 0; round < 12; round++) next();
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    integer,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick(list) {
      const picked = list[integer(0, list.length - 1)];
      if (picked === undefined) throw new RangeError("nothing to pick from");
      return picked;
    },
    stream: (name) => createRandom(`${seed}/${name}`),
  };
};
