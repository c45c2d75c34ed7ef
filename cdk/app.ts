import { App } from "aws-cdk-lib";
import { bundleFunctions } from "./bundles.ts";
import { createStacks } from "./stacks.ts";

// The CDK's own validation is one of the checks.
const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
const { folder } = await bundleFunctions();
const { stage } = createStacks(app, folder);
// They take longer than all the rest; tests hold every stage to them, so a developer's machine need not at each start.
if (stage.onAws) (await import("./checks.ts")).addChecks(app);
