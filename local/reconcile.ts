/** `npm run reconcile -- IN.json OUT.json`: which of a file's records are one employee's. */
import { parseReconcileOptions, reconcileHelp } from "./reconcile/options.ts";
import { runReconcile } from "./reconcile/run.ts";
import { describeFailure } from "./stack/failure.ts";
import { createPlaces, sharedFolder } from "./stack/places.ts";
import { createSteps } from "./stack/steps.ts";

const main = async (args: readonly string[]): Promise<number> => {
  const parsed = parseReconcileOptions(args);
  if (!parsed.ok) {
    console.error(parsed.refusal);
    return 2;
  }
  if (parsed.value === undefined) {
    console.log(reconcileHelp);
    return 0;
  }
  try {
    console.log(`\n${await runReconcile(parsed.value, createSteps(process.stdout))}`);
    return 0;
  } catch (error) {
    console.error(describeFailure(error, createPlaces(sharedFolder)));
    return 1;
  }
};

process.exitCode = await main(process.argv.slice(2));
// The launcher's channel would keep the process.
if (process.connected) process.disconnect();
