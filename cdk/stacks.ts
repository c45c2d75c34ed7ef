import type { App } from "aws-cdk-lib";
import { ConnectionApiStack } from "./connection-api-stack.ts";
import { ConnectionDataStack } from "./connection-data-stack.ts";
import { OperationsStack } from "./operations-stack.ts";
import { RosterStack } from "./roster-stack.ts";
import { readRoutes } from "./routes.ts";
import { readStage, type Stage } from "./stages.ts";

/** Perch on one stage. */
export interface Stacks {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  readonly api: ConnectionApiStack;
  readonly rosters: RosterStack;
  /** Only on AWS. */
  readonly operations: OperationsStack | undefined;
}

/** Creates the stacks of the stage that the app's context names; `bundles` is the folder with the functions' bundles. */
export const createStacks = (app: App, bundles: string): Stacks => {
  const stage = readStage((name) => app.node.tryGetContext(name));
  const data = new ConnectionDataStack(app, "PerchData", { stackName: `perch-${stage.name}-data`, stage });
  const routes = readRoutes();
  const stackName = `perch-${stage.name}-api`;
  const api = new ConnectionApiStack(app, "PerchApi", { stackName, stage, data, routes, bundles });
  const rosters = new RosterStack(app, "PerchRosters", {
    stackName: `perch-${stage.name}-rosters`,
    ...{ stage, data, api, routes, bundles },
  });
  if (!stage.onAws) return { stage, data, api, rosters, operations: undefined };
  const operations = new OperationsStack(app, "PerchOperations", {
    stackName: `perch-${stage.name}-operations`,
    stage,
    data,
    functions: [...api.functions, ...rosters.functions],
  });
  // Functions are known there by their names, and have to be there before what watches and deploys them.
  for (const stack of [api, rosters]) operations.addStackDependency(stack, "functions are known by name");
  return { stage, data, api, rosters, operations };
};
