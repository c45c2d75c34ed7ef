/** `npm start`: Perch on an emulated AWS, with a first customer that has connected two providers. */
import { createApiClient } from "./stack/api-client.ts";
import { detachedMark, startDetached } from "./stack/detach.ts";
import { describeFailure } from "./stack/failure.ts";
import { describeConnections, describeNextSteps, describePage } from "./stack/guidance.ts";
import { createInterruption } from "./stack/interruption.ts";
import { createLocalStack, type ReadyStack } from "./stack/local-stack.ts";
import { parseStartOptions, type StartOptions, startHelp } from "./stack/options.ts";
import { createPlaces, sharedFolder } from "./stack/places.ts";
import {
  connectSample,
  listConnections,
  putCustomer,
  sampleCustomer,
  startPageSession,
  startSession,
} from "./stack/sample.ts";
import { createSteps, type Steps } from "./stack/steps.ts";

/** Another folder keeps another stack, apart from this clone's usual one. */
const places = createPlaces(process.env["PERCH_LOCAL_FOLDER"] ?? sharedFolder);
const isDetached = process.env[detachedMark] !== undefined;

const main = async (args: readonly string[]): Promise<number> => {
  const parsed = parseStartOptions(args, process.env);
  if (!parsed.ok) {
    console.error(parsed.refusal);
    return 1;
  }
  const options = parsed.value;
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  const interruption = createInterruption();
  if (options.detach && !isDetached) {
    const code = await startDetached(places, [...process.execArgv, import.meta.filename, ...args], interruption);
    return code;
  }
  return run(options, interruption);
};

const run = async (options: StartOptions, interruption: AbortSignal): Promise<number> => {
  const since = performance.now();
  const steps = createSteps(process.stdout);
  const stack = createLocalStack({ ...options, places, steps, signal: interruption });
  let code = 0;
  try {
    const ready = await stack.start();
    await welcome(ready, options, steps);
    steps.say(`\nReady after ${((performance.now() - since) / 1000).toFixed(1)} s. ${howToStop}`);
    ready.declareReady();
    const broken = await Promise.race([ready.broken, whenGiven(interruption)]);
    if (broken !== undefined) {
      console.error(broken);
      code = 1;
    }
  } catch (error) {
    if (!interruption.aborted) {
      console.error(describeFailure(error, places));
      code = 1;
    }
  }
  if (!stack.isRunning()) await stack.stop();
  else {
    await steps.step("stopping", async (rename) => {
      await stack.stop();
      rename("all is stopped; what was stored is kept");
    });
  }
  return code;
};

const howToStop = isDetached ? '"npm run stop" ends it.' : "Ctrl-C stops it; what is stored is kept.";

const whenGiven = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined));
  });

/** Lets the sample customer connect, or begin to, and says what can be done next. */
const welcome = async ({ outputs }: ReadyStack, { otherFinch }: StartOptions, steps: Steps): Promise<void> => {
  let shown: string;
  try {
    shown = await steps.step(`connections of customer ${sampleCustomer}`, async (rename) => {
      const api = await createApiClient(outputs);
      if (otherFinch === undefined) {
        if ((await connectSample(api)) === 0) rename(`connections of customer ${sampleCustomer}, made before`);
        return `${describeConnections(await listConnections(api))}\n\n${describePage(await startPageSession(api))}`;
      }
      rename(`customer ${sampleCustomer} can connect`);
      await putCustomer(api);
      const { connect_url: connectUrl } = await startSession(api);
      return `Open this link in a browser to connect the first provider:

  ${connectUrl}

At Finch, the application must have this redirect URI: ${outputs.apiUrl}/connect/callback

${describePage(await startPageSession(api))}`;
    });
  } catch (error) {
    // Perch runs, and whoever works on it wants to look at just this.
    shown = `${describeFailure(error, places)}\nPerch runs nevertheless.`;
  }
  steps.say(`\n${shown}\n\n${describeNextSteps(outputs, places.outputs, otherFinch === undefined)}`);
};

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(describeFailure(error, places));
    return 1;
  }),
);
