/** Chance that is the same in every run: all of it follows from a seed. */

/** A source of chance. */
export type SeededRandom = {
  /** From 0 up to, and without, 1. */
  fraction(): number;
  /** A whole number from 0 up to, and without, `below`. */
  whole(below: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<const List extends readonly [unknown, ...unknown[]]>(list: List): List[number];
  /** So many decimal digits. */
  digits(count: number): string;
};

/** The chance that belongs to a seed and a number, which costs next to nothing to begin. */
export const seededRandom = (seed: string, index = 0): SeededRandom => {
  let state = (hashOf(seed) ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  // Mulberry32: enough for made-up people, and quick.
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // What begins alike is told apart by a few steps only.
  fraction();
  const whole = (below: number) => Math.floor(fraction() * below);
  return {
    fraction,
    whole,
    chance: (probability) => fraction() < probability,
    pick: (list) => list[whole(list.length)] ?? list[0],
    digits: (count) => String(whole(10 ** count)).padStart(count, "0"),
  };
};

/** FNV-1a, 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};
