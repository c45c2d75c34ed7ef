/** `npm run stop`: ends what `npm start` left running, in the background or elsewhere. */
import { describeFailure } from "./stack/failure.ts";
import { createPlaces, sharedFolder } from "./stack/places.ts";
import { endRun } from "./stack/run-record.ts";
import { createSteps } from "./stack/steps.ts";

const places = createPlaces(process.env["PERCH_LOCAL_FOLDER"] ?? sharedFolder);
const steps = createSteps(process.stdout);

const main = async (): Promise<number> => {
  try {
    await steps.step("stopping", async (rename) => {
      const { found, url } = await endRun(places.record, steps.say);
      if (found === "run") rename(`Perch at ${url} is stopped; what was stored is kept`);
      else rename(found === "nothing" ? "nothing was running" : "what a killed run left behind is stopped");
    });
    return 0;
  } catch (error) {
    console.error(describeFailure(error, places));
    return 1;
  }
};

process.exit(await main());
