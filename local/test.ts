/** `npm test`, `npm run check` and `npm run nightly`. The last line is always `N passed, N failed`. */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { figuresVariable, nightlyFigures } from "./evidence/figure.ts";
import { generate } from "./generate.ts";
import { describeFailure } from "./stack/failure.ts";
import { createInterruption } from "./stack/interruption.ts";
import { createPlaces, root, sharedFolder } from "./stack/places.ts";
import { createSteps } from "./stack/steps.ts";
import { runChecks } from "./testing/checks.ts";
import { beginNightlyRecord } from "./testing/nightly-record.ts";
import { parseTestPlan, suiteVariable, type TestPlan } from "./testing/plan.ts";
import { add, closingLine, exitCodeOf, nothingRun, type Tally } from "./testing/tally.ts";
import { withTestStack } from "./testing/test-stack.ts";
import { runVitest } from "./testing/vitest.ts";

type Environment = Readonly<Record<string, string>>;

const steps = createSteps(process.stdout);
/** Said again at the end: their output is far above by then. */
const failedChecks: string[] = [];
const aloneReport = join(root, "reports/alone.json");
const deployedReport = join(root, "reports/deployed.json");

/** Runs what the plan says, as far as it is not interrupted. What cannot be run counts as failed. */
const runPlan = async (plan: TestPlan, env: Environment, signal: AbortSignal): Promise<Tally> => {
  let tally = nothingRun;
  const count = async (part: () => Promise<Tally>) => {
    if (signal.aborted) return;
    try {
      tally = add(tally, await part());
    } catch (error) {
      console.error(describeFailure(error, createPlaces(sharedFolder)));
      tally = add(tally, { passed: 0, failed: 1 });
    }
  };
  await count(async () => {
    await steps.step("generated code", async () => generate());
    return nothingRun;
  });
  if (plan.filters.length === 0) {
    await count(async () => {
      const checked = await runChecks(steps, signal);
      failedChecks.push(...checked.failedChecks);
      return checked;
    });
  }
  if (isAsked(plan, "{unit,finch,local,generate,web,faults,interleavings,contract,cdk}")) {
    await count(() =>
      runVitest({
        projects: plan.alone,
        plan,
        report: aloneReport,
        workers: availableParallelism(),
        env,
        signal,
      }),
    );
  }
  if (plan.deployed.length > 0 && isAsked(plan, "{integration,journey,security,local,nightly}")) {
    await count(() =>
      withTestStack(
        steps,
        signal,
        (_outputs, outputsFile) =>
          runVitest({
            projects: plan.deployed,
            plan,
            report: deployedReport,
            // Most of the time they wait for the stack.
            workers: availableParallelism(),
            env: { ...env, PERCH_OUTPUTS: outputsFile },
            signal,
          }),
        ({ failed }) => failed > 0,
      ),
    );
  }
  return tally;
};

/** Whether these folders have a test file that the filters leave. */
const isAsked = ({ filters }: TestPlan, folders: string): boolean => {
  const files = globSync(`test/${folders}/**/*.test.ts`, { cwd: root });
  return filters.length === 0 ? files.length > 0 : files.some((file) => filters.some((part) => file.includes(part)));
};

const main = async (): Promise<number> => {
  const parsed = parseTestPlan(process.argv.slice(2), () => Math.floor(Math.random() * 2 ** 31));
  if (!parsed.ok) {
    console.error(parsed.refusal);
    return 1;
  }
  const signal = createInterruption();
  const since = performance.now();
  const isNightly = parsed.value.suite === "nightly";
  // A part of a run is no nightly run.
  const writeDown =
    isNightly && parsed.value.filters.length === 0
      ? beginNightlyRecord(parsed.value.seed, [aloneReport, deployedReport])
      : undefined;
  if (isNightly) console.log(`Seed ${parsed.value.seed}: the same again with -- --seed ${parsed.value.seed}`);
  const env = {
    [suiteVariable]: parsed.value.suite,
    ...(writeDown === undefined ? {} : { [figuresVariable]: nightlyFigures }),
  };
  const tally = await runPlan(parsed.value, env, signal);
  if (!signal.aborted) writeDown?.(tally);
  if (signal.aborted) console.log("Interrupted before the end.");
  if (failedChecks.length > 0) console.log(`Failed above: ${failedChecks.join(", ")}.`);
  console.log(`It took ${((performance.now() - since) / 1000).toFixed(0)} s.`);
  console.log(closingLine(tally));
  return signal.aborted ? 130 : exitCodeOf(tally);
};

process.exit(await main());
