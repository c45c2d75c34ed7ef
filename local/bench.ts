/** `npm run bench`: how long things take, with a stack of its own or the one that `PERCH_OUTPUTS` names. It judges nothing. */
import { resolve } from "node:path";
import { describeReport, type Report } from "./bench/figures.ts";
import { baseline, measurements } from "./bench/measurements.ts";
import { type BenchOptions, benchHelp, parseBenchOptions } from "./bench/options.ts";
import { measure } from "./bench/run.ts";
import { describeFailure } from "./stack/failure.ts";
import { createInterruption } from "./stack/interruption.ts";
import { readOutputs } from "./stack/outputs.ts";
import { createPlaces, root, sharedFolder } from "./stack/places.ts";
import { createSteps } from "./stack/steps.ts";
import { withTestStack } from "./testing/test-stack.ts";

const main = async (args: readonly string[]): Promise<number> => {
  const parsed = parseBenchOptions(args, measurements, baseline);
  if (!parsed.ok) {
    console.error(parsed.refusal);
    return 1;
  }
  if (parsed.value.help) {
    console.log(benchHelp);
    return 0;
  }
  const signal = createInterruption();
  try {
    const report = await run(parsed.value, signal);
    console.log(parsed.value.json ? JSON.stringify(report, null, 2) : `\n${describeReport(report)}`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    console.error(describeFailure(error, createPlaces(sharedFolder)));
    return 1;
  }
};

const run = ({ json, rounds, chosen }: BenchOptions, signal: AbortSignal): Promise<Report> => {
  const steps = createSteps(json ? process.stderr : process.stdout);
  const plan = { chosen, baseline, rounds, steps, signal };
  const given = process.env["PERCH_OUTPUTS"];
  if (given) return measure(readOutputs(resolve(root, given)), plan);
  return withTestStack(
    steps,
    signal,
    (outputs) => measure(outputs, plan),
    () => false,
  );
};

process.exit(await main(process.argv.slice(2)));
