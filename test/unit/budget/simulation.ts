/** Many functions on one budget in time that passes at will: each with a clock of its own, and before the simulated Finch's limits. */

import type { Priority } from "#shared/budget/budget.ts";
import { createBudgets } from "#shared/budget/budgets.ts";
import { createAskForLeave } from "#shared/budget/leave.ts";
import { createLimits } from "../../../local/finch/limits.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { createVirtualTime } from "../../support/virtual-time.ts";

/** What became of a request: how long it waited for leave, and whether it got it. */
export interface Outcome {
  readonly waitedMs: number;
  readonly isSent: boolean;
}

/** A deployment before a Finch that keeps its limits. `seed` decides all chance. */
export const createSimulation = (seed: number) => {
  const time = createVirtualTime();
  const { budgets: store } = createMemoryStores();
  const { randomBytes } = createMemorySurroundings({ seed });
  const chance = () => ((randomBytes(1)[0] ?? 0) * 256 + (randomBytes(1)[0] ?? 0)) / 65_536;
  const finch = createLimits(time.nowMs);
  const onTheWay = () => time.sleep(1 + chance() ** 8 * 200);

  /** A function of its own: its clock is up to half a second from the others', and its table is some way off. */
  const openFunction = (priority: Priority, patienceMs = 0) => {
    const skewMs = chance() * 500;
    const now = () => new Date(time.nowMs() - skewMs);
    const over = async <Value>(call: () => Promise<Value>): Promise<Value> => {
      await onTheWay();
      const value = await call();
      await onTheWay();
      return value;
    };
    const budgets = createBudgets({
      ...{ now, randomBytes, sleep: time.sleep, share: 1 },
      noteFailure: (error) => {
        throw error;
      },
      store: {
        count: (...about) => over(() => store.count(...about)),
        giveBack: (...about) => over(() => store.giveBack(...about)),
        hold: (...about) => over(() => store.hold(...about)),
      },
    });
    const askForLeave = createAskForLeave({ now, sleep: time.sleep, budgets, priority, patienceMs });
    /** One request; one in twenty functions dies before it sends. */
    return async (path: string): Promise<Outcome & { readonly retryMs: number }> => {
      const begun = time.nowMs();
      const leave = await askForLeave(path, Number.POSITIVE_INFINITY);
      const waitedMs = time.nowMs() - begun;
      if (leave.kind === "refused") {
        return { waitedMs, isSent: false, retryMs: leave.retryAt.getTime() - now().getTime() };
      }
      if (chance() < 0.05) return { waitedMs, isSent: true, retryMs: 0 };
      // Sent at the last moment at times, and under way for up to half a second.
      const spareMs = Math.min(1_000, Math.max(0, leave.sendBy.getTime() - now().getTime()));
      await time.sleep(chance() < 0.2 ? spareMs * chance() : 0);
      if (now() < leave.sendBy) {
        await time.sleep(chance() ** 3 * 500);
        finch.take({ path, address: "192.0.2.1", clientId: "the application" });
      } else await leave.giveBack();
      return { waitedMs, isSent: true, retryMs: 0 };
    };
  };

  return { ...time, chance, finch, openFunction };
};

export type Simulation = ReturnType<typeof createSimulation>;

/** Reads without an end, two at a time, as the workers of a queue do. */
export const readEmployees = ({ openFunction, sleep }: Simulation, path: string): void => {
  const work = async () => {
    const send = openFunction("background", 10_000);
    for (;;) {
      const { isSent, retryMs } = await send(path);
      await sleep(isSent ? 200 : Math.max(1_000, retryMs));
    }
  };
  for (let worker = 0; worker < 2; worker += 1) void work();
};

/** The sweep: each five minutes 600 looks, spread over three and a half, until what may be asked is used up. */
export const sweep = ({ openFunction, sleep }: Simulation): void => {
  const work = async () => {
    for (;;) {
      const send = openFunction("sweep");
      let look = 0;
      for (; look < 600; look += 1) {
        if (!(await send("/introspect")).isSent) break;
        await sleep(330);
      }
      await sleep(300_000 - look * 345);
    }
  };
  void work();
};

/** Fifty callers, all together `most` times in any minute at most, at moments by chance. */
export const call = (simulation: Simulation, path: string, most: number): readonly Outcome[] => {
  const { openFunction, sleep, nowMs, chance } = simulation;
  const callers = Array.from({ length: 50 }, () => openFunction("interactive"));
  const times: number[] = [];
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (;;) {
      await sleep((-Math.log(1 - chance()) * 60_000) / most);
      const lastMinute = times.filter((time) => nowMs() - time < 60_000).length;
      if (lastMinute >= most) continue;
      times.push(nowMs());
      const caller = callers[Math.floor(chance() * callers.length)];
      void caller?.(path).then((outcome) => outcomes.push(outcome));
    }
  };
  void work();
  return outcomes;
};
