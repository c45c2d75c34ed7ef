import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createLocalStack } from "../stack/local-stack.ts";
import type { TokenStoreName } from "../stack/options.ts";
import type { Outputs } from "../stack/outputs.ts";
import { isRunning } from "../stack/own-processes.ts";
import { createPlaces, sharedFolder } from "../stack/places.ts";
import { findFreePort } from "../stack/ports.ts";
import { endLeftovers, readRun } from "../stack/run-record.ts";
import type { Steps } from "../stack/steps.ts";
import { liftedShare, liftLimits } from "./lift-limits.ts";

const folder = join(sharedFolder, "test");

export interface TestStackOptions {
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** In their items unless another is named. */
  readonly tokenStore?: TokenStoreName;
}

/**
 * Runs something with a stack of its own: a new folder, free ports, no state. It is stopped in any case; its folder stays
 * when `use` says that it failed, for the logs in it.
 *
 * @throws Refusal when the stack does not start.
 */
export const withTestStack = async <Value>(
  { steps, signal, tokenStore }: TestStackOptions,
  use: (outputs: Outputs, outputsFile: string) => Promise<Value>,
  isFailure: (value: Value) => boolean,
): Promise<Value> => {
  await removeOldStacks(steps);
  mkdirSync(folder, { recursive: true });
  const places = createPlaces(mkdtempSync(join(folder, "run-")));
  const stack = createLocalStack({
    places,
    port: await findFreePort(),
    fresh: true,
    tokenStore,
    finchShare: liftedShare,
    steps,
    signal,
  });
  let succeeded = false;
  try {
    const { outputs, declareReady } = await stack.start();
    await liftLimits(outputs.finchUrl);
    declareReady();
    const value = await use(outputs, places.outputs);
    succeeded = !isFailure(value);
    return value;
  } finally {
    await stack.stop();
    if (succeeded) rmSync(places.folder, { recursive: true, force: true });
    else steps.say(`The stack's logs are in ${places.logs}.`);
  }
};

/** Removes the stacks of earlier runs, and ends what killed ones left behind. */
const removeOldStacks = async (steps: Steps): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const places = createPlaces(join(folder, name));
    const run = readRun(places.record);
    if (run !== undefined && isRunning(run.launcher)) continue;
    if (run !== undefined) await endLeftovers(run, steps.say);
    rmSync(places.folder, { recursive: true, force: true });
  }
};
