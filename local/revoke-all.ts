/** `npm run revoke-all`: takes connections of a customer, a provider or all out of use, and has them ended at Finch. */
import { createInterface } from "node:readline/promises";
import { parseRevokeOptions, type RevokeOptions, revokeHelp } from "./revoke/options.ts";
import { createPatientApi } from "./revoke/patient-api.ts";
import { revokeAll } from "./revoke/run.ts";
import { countOf, describeEnd } from "./revoke/summary.ts";
import { describeFailure } from "./stack/failure.ts";
import { createInterruption } from "./stack/interruption.ts";
import { createPlaces, sharedFolder } from "./stack/places.ts";
import { createSteps } from "./stack/steps.ts";

const [done, someLeft, nothingBegun, interrupted] = [0, 1, 2, 130];

const main = async (args: readonly string[]): Promise<number> => {
  const parsed = parseRevokeOptions(args, process.env);
  if (!parsed.ok) {
    console.error(parsed.refusal);
    return nothingBegun;
  }
  if (parsed.value === undefined) {
    console.log(revokeHelp);
    return done;
  }
  const signal = createInterruption();
  try {
    return await run(parsed.value, signal);
  } catch (error) {
    if (signal.aborted) {
      console.error("Interrupted. What was asked for stays so, and Perch goes on with it; run it again for the rest.");
      return interrupted;
    }
    console.error(describeFailure(error, createPlaces(sharedFolder)));
    return someLeft;
  }
};

const run = async (options: RevokeOptions, signal: AbortSignal): Promise<number> => {
  const steps = createSteps(options.json ? process.stderr : process.stdout);
  const api = createPatientApi(options.credentials, signal);
  const summary = await revokeAll(options, { api, steps, signal, confirm: (count) => confirm(count, signal) });
  if (summary === "not confirmed") {
    console.error("Nothing was done.");
    return nothingBegun;
  }
  if (options.json) console.log(JSON.stringify(summary, null, 2));
  else if (!options.dryRun) console.log(`\n${describeEnd(summary)}`);
  return summary.failed.length === 0 ? done : someLeft;
};

/** Whoever says how many there are has seen what they do. */
const confirm = async (count: number, signal: AbortSignal): Promise<boolean> => {
  const question = `This takes ${countOf(count, "connection")} out of use for good, and ends them at Finch.`;
  if (!process.stdin.isTTY) {
    console.error(`${question} Say --yes: there is no terminal to ask at.`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Type ${count} to go on: `, { signal })).trim() === `${count}`;
  } catch (error) {
    // Ctrl-C at the question is a no.
    if (error instanceof Error && error.name === "AbortError") return false;
    throw error;
  } finally {
    terminal.close();
  }
};

process.exit(await main(process.argv.slice(2)));
