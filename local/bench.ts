/** `npm run bench`: what things take, with a stack of its own or the one that `PERCH_OUTPUTS` names. It shows which bars hold. */
import { resolve } from "node:path";
import { readCommit } from "./bench/commit.ts";
import { describeMachine } from "./bench/machine.ts";
import { baseline, measurements } from "./bench/measurements.ts";
import { notMeasuredOnAws } from "./bench/not-measured.ts";
import { type BenchOptions, benchHelp, parseBenchOptions } from "./bench/options.ts";
import { describeReport, type Report } from "./bench/report.ts";
import { measure } from "./bench/run.ts";
import { generate } from "./generate.ts";
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

const run = async ({ json, rounds, chosen }: BenchOptions, signal: AbortSignal): Promise<Report> => {
  const steps = createSteps(json ? process.stderr : process.stdout);
  const given = process.env["PERCH_OUTPUTS"];
  const about = { date: new Date().toISOString(), commit: readCommit(), machine: describeMachine() };
  await steps.step("generated code", async () => generate());
  const figures = await measure({
    ...{ chosen, baseline, rounds, steps, signal },
    withStack: (use) =>
      given
        ? use(readOutputs(resolve(root, given)))
        : withTestStack(
            { steps, signal },
            (outputs) => use(outputs),
            () => false,
          ),
  });
  const after = describeMachine().load_average;
  return { ...about, load_average_after: after, not_measured_on_aws: notMeasuredOnAws, figures };
};

process.exit(await main(process.argv.slice(2)));
