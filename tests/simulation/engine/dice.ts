/** Chance that a seed repeats: sfc32, a small and fast generator; nothing secret comes from it. */
export type Dice = {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Uint8Array;
  /** Dice of their own: what one part draws does not change what another draws. */
  fork(name: string): Dice;
};

export function createDice(seed: number, name = ""): Dice {
  let [a, b, c, d] = [seed >>> 0, hashOf(name), 0x9e3779b9, 1];

  function word(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  }
  for (let round = 0; round < 12; round += 1) word();

  const dice: Dice = {
    next: () => word() / 4_294_967_296,
    between: (least, most) => least + Math.floor(dice.next() * (most - least + 1)),
    chance: (probability) => dice.next() < probability,
    pick(list) {
      const picked = list[Math.floor(dice.next() * list.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) bytes[index] = word() & 0xff;
      return bytes;
    },
    fork: (part) => createDice(seed, `${name}/${part}`),
  };
  return dice;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
