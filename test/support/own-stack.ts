/** A local stack of a test's own, which it may stop before its end. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PageMode } from "../../local/stack/assembly.ts";
import { createLocalStack } from "../../local/stack/local-stack.ts";
import type { TokenStoreName } from "../../local/stack/options.ts";
import { createPlaces, type Places, sharedFolder } from "../../local/stack/places.ts";
import { findFreePort } from "../../local/stack/ports.ts";
import type { Steps } from "../../local/stack/steps.ts";
import { liftedShare, liftLimits } from "../../local/testing/lift-limits.ts";

export interface OwnStack {
  readonly places: Places;
  /** Stops it: all that it has is in its folder then. */
  readonly stop: () => Promise<void>;
  /** Stops it, if it runs, and removes its folder. */
  readonly remove: () => Promise<void>;
}

const quietly: Steps = { say: () => {}, step: (_, run) => run(() => {}) };

/**
 * Starts a stack; from now on it is the one that `readStack` reads of in this test file.
 *
 * @param pageMode how its connections page opens Connect.
 * @param limits whether Finch's limits hold there, and Perch keeps to them: most tests send more than one application may.
 */
export const startOwnStack = async (
  tokenStore: TokenStoreName,
  pageMode: PageMode = "redirect",
  limits: "kept" | "lifted" = "lifted",
): Promise<OwnStack> => {
  // Where the runner looks for what a killed run has left.
  const folder = join(sharedFolder, "test");
  mkdirSync(folder, { recursive: true });
  const places = createPlaces(mkdtempSync(join(folder, "own-")));
  const { signal } = new AbortController();
  const stack = createLocalStack({
    places,
    port: await findFreePort(),
    fresh: true,
    tokenStore,
    finchShare: limits === "lifted" ? liftedShare : undefined,
    pageMode,
    steps: quietly,
    signal,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stack.stop();
    return stopped;
  };
  const remove = async () => {
    await stop();
    rmSync(places.folder, { recursive: true, force: true });
  };
  try {
    const { outputs, declareReady } = await stack.start();
    if (limits === "lifted") await liftLimits(outputs.finchUrl);
    declareReady();
  } catch (error) {
    await remove();
    throw error;
  }
  process.env["PERCH_OUTPUTS"] = places.outputs;
  return { places, stop, remove };
};
