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
const longReport = join(root, "reports/long.json");

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
  if (plan.deployed.length > 0 && isAsked(plan, "{journey,security,local}")) {
    await count(() =>
      withTestStack(
        { steps, signal, tokenStore: plan.tokenStore },
        (_outputs, outputsFile) =>
          runVitest({
            projects: plan.deployed,
            plan,
            report: deployedReport,
            // They wait more than they work: for what is slow on purpose, and for what happens by itself.
            workers: 2 * availableParallelism(),
            env: { ...env, PERCH_OUTPUTS: outputsFile },
            signal,
          }),
        ({ failed }) => failed > 0,
      ),
    );
  }
  if (plan.long.length > 0 && isAsked(plan, "nightly")) {
    await count(() =>
      runVitest({ projects: plan.long, plan, report: longReport, workers: availableParallelism(), env, signal }),
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
  const { seed, filters } = parsed.value;
  const reports = [aloneReport, deployedReport, longReport];
  const writeDown = isNightly ? beginNightlyRecord({ seed, reports, isWhole: filters.length === 0 }) : undefined;
  if (isNightly) console.log(`Seed ${seed}: the same again with -- --seed ${seed}`);
  const env = {
    [suiteVariable]: parsed.value.suite,
    ...(writeDown === undefined ? {} : { [figuresVariable]: nightlyFigures }),
  };
  const tally = await runPlan(parsed.value, env, signal);
  if (!signal.aborted) writeDown?.();
  if (signal.aborted) console.log("Interrupted before the end.");
  if (failedChecks.length > 0) console.log(`Failed above: ${failedChecks.join(", ")}.`);
  console.log(`It took ${((performance.now() - since) / 1000).toFixed(0)} s.`);
  console.log(closingLine(tally));
  return signal.aborted ? 130 : exitCodeOf(tally);
};

process.exit(await main());
