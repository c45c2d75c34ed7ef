import { setImmediate as untilAllWait } from "node:timers/promises";

/** Runs callers side by side, one step at a time, in an order that follows from a seed. */
export interface Scheduler {
  /** Ports of which each call waits for its turn before it has its effect, and again before its answer arrives. */
  readonly share: <Ports extends object>(ports: Ports) => Ports;
  /** Waits for a turn: for what is planted behind a port. */
  readonly turn: () => Promise<void>;
  /** Runs the callers to their ends. What one throws is part of its outcome. */
  readonly run: (callers: readonly (() => Promise<unknown>)[]) => Promise<readonly PromiseSettledResult<unknown>[]>;
  /** How many turns there were. */
  readonly turns: () => number;
}

const mostTurns = 2_000;

/** Creates a scheduler; the same seed gives the same order. `onTurn` is called with each. */
export const createScheduler = (seed: number, onTurn: () => void = () => {}): Scheduler => {
  const waiting: (() => void)[] = [];
  const next = createChance(seed);
  let turns = 0;
  const turn = () => new Promise<void>((go) => waiting.push(go));

  const share = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value === "object" && value !== null) return share(value);
        if (typeof value !== "function" || answersAtOnce.has(String(key))) return value;
        return async (...args: unknown[]) => {
          await turn();
          const answer: unknown = await value.apply(target, args);
          await turn();
          return answer;
        };
      },
    });

  return {
    share,
    turn,
    turns: () => turns,
    async run(callers) {
      let isOver = false;
      const all = Promise.allSettled(callers.map((caller) => caller())).finally(() => {
        isOver = true;
      });
      for (;;) {
        await untilAllWait();
        if (isOver) return all;
        const [go] = waiting.splice(Math.floor(next() * waiting.length), 1);
        turns += 1;
        onTurn();
        if (turns > mostTurns) throw new Error("the callers do not come to an end");
        go?.();
      }
    },
  };
};

/** What of the surroundings is no await. */
const answersAtOnce: ReadonlySet<string> = new Set(["now", "newId", "randomBytes"]);

/** Mulberry32. */
const createChance = (seed: number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
