/** Chance that follows from a seed. */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  /** One of these. @throws RangeError if there is none. */
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

/** Chance that is the same for the same seed. Mulberry32: small, and every seed is good. */
export const createRandom = (seed: number): Random => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds begin alike; a few steps on they do not.
  for (let step = 0; step < 5; step += 1) next();
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (values) => {
      if (values.length === 0) throw new RangeError("there is nothing to pick from");
      return values[below(values.length)] as (typeof values)[number];
    },
  };
};
