import { audit } from "../support/auditor.ts";
import type { World } from "../support/world.ts";
import { createFaultyProcess, type FaultyProcess, faultsOf, type Point } from "./faulty-ports.ts";

/** What a process does in a world, what comes after it, and how it turned out. */
export interface Arranged {
  readonly world: World;
  /** Everything that the process can reach; all of it may go wrong. */
  readonly ports: object;
  readonly lifeMs: number;
  readonly run: (ports: never) => Promise<unknown>;
  /** What happens afterwards, without faults: somebody tries again, or nobody does, and time passes. */
  readonly recover: Readonly<Record<string, () => Promise<void>>>;
  /** How it turned out, in comparable words. */
  readonly verdict: () => string;
  /** The verdicts that are right as well, beside that of the run without faults. */
  readonly alsoRight: (after: {
    readonly recovery: string;
    readonly mayLoseToken: boolean;
    readonly expected: string;
  }) => readonly string[];
}

/** A world of its own for each run. */
export interface Scenario {
  readonly name: string;
  readonly arrange: () => Promise<Arranged>;
}

/** What an exploration has found. */
export interface Explored {
  /** The awaits of the run without faults, by name. */
  readonly awaits: readonly string[];
  /** How many runs with faults there were. */
  readonly runs: number;
  /** The names of all port functions that were awaited in any run. */
  readonly reached: ReadonlySet<string>;
  /** What did not hold, with the faults that brought it about. */
  readonly violations: readonly string[];
}

/** Runs the scenario with no fault, then with every fault at every await, then (depth 2) with a second one behind it. */
export const explore = async ({ name, arrange }: Scenario, depth: 1 | 2 = 1): Promise<Explored> => {
  const reached = new Set<string>();
  const violations: string[] = [];
  let runs = 0;

  const runWith = async (points: readonly Point[], recovery: string, expected: string | undefined) => {
    const arranged = await arrange();
    const { world, lifeMs } = arranged;
    const endsAt = new Date(world.now().getTime() + lifeMs);
    const process = createFaultyProcess(arranged.ports, world, { points, endsAt });
    await process.run(() => arranged.run(process.ports as never));
    // A copy: nothing that a dead process still holds may count.
    const calls = [...process.calls];
    await arranged.recover[recovery]?.();
    const mayLoseToken = losesToken(process, points);
    const where = `${name}, ${points.map((point) => describePoint(point, calls)).join(", ") || "no fault"}, ${recovery}`;
    const excuses = { mayLoseToken, mayLeaveSecret: leavesSecret(process, points) };
    for (const violation of await audit(world, excuses)) violations.push(`${where}: ${violation}`);
    const verdict = arranged.verdict();
    const right =
      expected === undefined ? [verdict] : [expected, ...arranged.alsoRight({ recovery, mayLoseToken, expected })];
    if (!right.includes(verdict)) violations.push(`${where}: it is "${verdict}" instead of "${expected}"`);
    for (const call of calls) reached.add(call);
    return { calls, verdict };
  };

  const recoveries = Object.keys((await arrange()).recover);
  // By the first run it is known which functions are awaited; all agree on how it turns out.
  let whole = await runWith([], recoveries[0] ?? "", undefined);
  const expected = whole.verdict;
  for (const recovery of recoveries) whole = await runWith([], recovery, expected);

  const goDeeper = async (before: readonly Point[], calls: readonly string[]): Promise<void> => {
    const from = (before.at(-1)?.call ?? 0) + 1;
    for (let call = from; call <= calls.length; call += 1) {
      for (const fault of faultsOf(calls[call - 1] ?? "")) {
        const points = [...before, { call, fault }];
        let reachedCalls: readonly string[] = [];
        for (const recovery of recoveries) {
          runs += 1;
          reachedCalls = (await runWith(points, recovery, expected)).calls;
        }
        if (points.length < depth) await goDeeper(points, reachedCalls);
      }
    }
  };
  await goDeeper([], whole.calls);
  return { awaits: whole.calls, runs, reached, violations };
};

const describePoint = ({ call, fault }: Point, calls: readonly string[]): string =>
  `${calls[call - 1] ?? "?"} (await ${call}) ${fault}`;

/** A process that dies may have a token in its hands; and an answer of Finch's that never comes had one in it. */
const losesToken = (process: FaultyProcess<object>, points: readonly Point[]): boolean =>
  process.hasDied() ||
  points.some(
    ({ call, fault }) =>
      process.calls[call - 1] === "finch.exchangeCode" &&
      (fault === "loses its answer" || fault === "fails after its effect"),
  );

/** A secret's name is not known to be used, or unused, for good: whoever made it died, or was not answered. */
const leavesSecret = (process: FaultyProcess<object>, points: readonly Point[]): boolean =>
  process.hasDied() || points.some(({ call }) => namesSecrets.has(process.calls[call - 1] ?? ""));

const namesSecrets: ReadonlySet<string> = new Set([
  "vault.seal",
  "vault.destroy",
  "connections.claim",
  "connections.replace",
  "connections.remove",
]);
