import type { Surroundings } from "#shared/connection/ports.ts";
import { noon } from "../builders.ts";

/** Time and chance in a test's hand. */
export interface MemorySurroundings extends Surroundings {
  readonly setNow: (now: Date) => void;
  readonly advance: (milliseconds: number) => void;
  /** How long each sleep was. */
  readonly sleeps: readonly number[];
}

/** A clock that stands at noon until it is moved, where a sleep moves it at once; random bytes that follow from a seed. */
export const createMemorySurroundings = ({ seed = 1 } = {}): MemorySurroundings => {
  let nowMs = noon.getTime();
  let ids = 0;
  let random = seed;
  const sleeps: number[] = [];
  const advance = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  // Mulberry32: small, and every seed is good.
  const nextByte = () => {
    random = (random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(random ^ (random >>> 15), random | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  const randomBytes = (length: number) => Uint8Array.from({ length }, nextByte);
  return {
    now: () => new Date(nowMs),
    randomBytes,
    newId: () => {
      ids += 1;
      const hex = Math.floor(nowMs).toString(16).padStart(12, "0");
      // RFC 9562 §6.2 allows a counter behind the time, so that ids of one millisecond sort too.
      const count = ids.toString(16).padStart(6, "0");
      const tail = Buffer.from(randomBytes(6)).toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3)}-${tail}`;
    },
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      advance(milliseconds);
    },
    setNow: (now) => {
      nowMs = now.getTime();
    },
    advance,
    sleeps,
  };
};
