import { App } from "aws-cdk-lib";
import { bundleFunctions } from "./bundles.ts";
import { ConnectionApiStack } from "./connection-api-stack.ts";
import { ConnectionDataStack } from "./connection-data-stack.ts";
import { readRoutes } from "./routes.ts";
import { readStage } from "./stages.ts";

const app = new App();
const stage = readStage((name) => app.node.tryGetContext(name));
const data = new ConnectionDataStack(app, "PerchData", { stackName: `perch-${stage.name}-data`, stage });
new ConnectionApiStack(app, "PerchApi", {
  stackName: `perch-${stage.name}-api`,
  stage,
  data,
  routes: readRoutes(),
  bundles: bundleFunctions(),
});
