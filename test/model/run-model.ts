/** Runs of the model: many stories that fast-check makes up, and how one that went wrong is told. */
import fc from "fast-check";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aProfile } from "../support/builders.ts";
import { allCommands } from "./commands.ts";
import { createModel, type Model } from "./model.ts";
import { createPerch, type Perch, type Plant } from "./perch.ts";
import { settle } from "./settle.ts";

/** Where the runs begin: the same number brings about the same ones. */
const firstSeed = Number(process.env["PERCH_SEED"] ?? 1);

const store = fc.constantFrom("kms" as const, "secrets-manager" as const);
const habits = fc.record({
  perPerson: fc.boolean(),
  names: fc.constantFrom("first" as const, "session" as const, "nobody" as const),
  refusesSignedOut: fc.boolean(),
  letsWrongAccountIn: fc.boolean(),
  listsEnded: fc.boolean(),
  endsWide: fc.boolean(),
});

const customers = [
  ["acme", "multiple"],
  ["globex", "multiple"],
  ["initech", "single"],
] as const;

/** Customers who have nothing yet. */
const begin = async (model: Model, perch: Perch): Promise<void> => {
  for (const [customerId, mode] of customers) {
    const made = { incarnation: "1", defaultMode: mode, now: perch.now() };
    await perch.ports.customers.put(aProfile({ customerId: customerId as CustomerId }), made);
    model.customers.set(customerId, { mode, life: 1, isDeleting: false });
  }
};

/** How many stories were followed, and the one that went wrong, if there was one. */
export interface Result {
  readonly runs: number;
  readonly failure: string | undefined;
  /** What brings that story about again, with the seed. */
  readonly path: string | undefined;
}

export interface Options {
  readonly seed?: number;
  readonly path?: string | undefined;
  /** A bug to be found. */
  readonly plant?: Plant;
}

/** Makes up so many stories and follows each to its end. */
export const runModel = async (
  runs: number,
  { seed = firstSeed, path = process.env["PERCH_PATH"], plant }: Options = {},
): Promise<Result> => {
  // fast-check's path to the story, and which of its commands were run.
  const [storyPath, replayPath] = path?.split("@") ?? [];
  const commands = fc.commands(allCommands, { maxCommands: 60, size: "max", ...(replayPath && { replayPath }) });
  const property = fc.asyncProperty(
    habits,
    store,
    fc.boolean(),
    commands,
    async (drawn, store, hintsAreLost, story) => {
      const model = createModel();
      const perch = createPerch(drawn, store);
      await begin(model, perch);
      plant?.(perch.ports, perch);
      await fc.asyncModelRun(() => ({ model, real: perch }), story);
      await settle(model, perch, hintsAreLost);
    },
  );
  const checked = await fc.check(property, { numRuns: runs, seed, ...(storyPath && { path: storyPath }) });
  return {
    runs: checked.numRuns,
    failure: checked.failed ? describe(checked) : undefined,
    path: checked.failed ? pathOf(checked) : undefined,
  };
};

type Told = Pick<
  fc.RunDetails<unknown>,
  "seed" | "counterexamplePath" | "errorInstance" | "numRuns" | "numShrinks" | "counterexample"
>;

const pathOf = ({ counterexamplePath, counterexample }: Told): string => {
  const story = fc.stringify((counterexample as unknown[] | null)?.at(-1));
  return `${counterexamplePath}@${/replayPath="([^"]*)"/.exec(story)?.[1]}`;
};

const describe = (told: Told) => {
  const { seed, errorInstance, numRuns, numShrinks, counterexample } = told;
  return [
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    `with Finch's habits ${JSON.stringify((counterexample as unknown[] | null)?.[0])}`,
    `found in run ${numRuns}, made shorter ${numShrinks} times. Again:`,
    `  npm test -- test/model --seed ${seed}`,
    `or the short story alone: PERCH_PATH=${pathOf(told)} npm test -- test/model --seed ${seed}`,
  ].join("\n");
};
