import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { ConnectionApiStack } from "./connection-api-stack.ts";
import type { ConnectionDataStack } from "./connection-data-stack.ts";
import { ApiFunction, type ApiFunctionProps } from "./constructs/api-function.ts";
import { addGatewayRoutes } from "./constructs/gateway-routes.ts";
import { RosterWorkflow } from "./constructs/roster-workflow.ts";
import { type Route, rosterRouteFunctions } from "./routes.ts";
import type { Stage } from "./stages.ts";

/** What the roster stack is made from. */
export interface RosterStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  readonly api: ConnectionApiStack;
  readonly routes: readonly Route[];
  /** The folder that holds the functions' bundles. */
  readonly bundles: string;
}

/**
 * Rosters: who starts one, what reads and reconciles it, and who shows its employees. May be rebuilt at any time, as the API
 * stack, of which it is a part but for CloudFormation's limit of 500 resources.
 */
export class RosterStack extends Stack {
  readonly #functions: ApiFunction[] = [];

  constructor(scope: Construct, id: string, props: RosterStackProps) {
    super(scope, id, props);
    const { stage, data, api } = props;
    const { table, tokenStore, finch, rosterPages } = data;
    const read = this.#create(props, "read-roster-page", Duration.minutes(10));
    table.letReadPeople(read.fn);
    tokenStore.letOpen(read.fn);
    finch.letReach(read.fn);
    api.checks.letRequest(read.fn);
    rosterPages.letRead(read);
    read.fn.addEnvironment("ROSTER_PAGE_SIZE", `${stage.rosterPageSize}`);
    read.fn.addEnvironment("ROSTER_WAIT_SECONDS", `${stage.rosterWaitSeconds}`);
    const reconcile = this.#create(props, "reconcile-roster", Duration.minutes(15), {
      ...{ memorySize: stage.rosterMemoryMegabytes, deadLetters: data.deadLetters.rosters },
    });
    table.letReconcileRosters(reconcile.fn);
    rosterPages.letReconcile(reconcile);
    reconcile.fn.addEnvironment("ROSTER_SSN", stage.rosterSsn);
    const start = this.#create(props, "start-roster");
    table.letStartRosters(start.fn);
    const workflow = new RosterWorkflow(this, "Rosters", { stage, read, reconcile });
    workflow.letStart(start);
    workflow.tellOfLost(reconcile, data.deadLetters.rosters);
    table.letReadRosters(this.#create(props, "get-roster").fn);
    for (const show of [this.#create(props, "list-employees"), this.#create(props, "get-employee")]) {
      table.letFindRosters(show.fn);
      rosterPages.letShow(show);
    }
    table.letDecideMatches(this.#create(props, "match-employees").fn);
    addGatewayRoutes(this, {
      ...{ api: data.api, jwt: data.jwt, authorizer: data.authorizer },
      routes: props.routes.filter((route) => rosterRouteFunctions.includes(route.function)),
      find: (name) => this.#find(name).toInvoke(),
    });
    // Its routes are part of the stage that is there.
    this.addStackDependency(api, "the stage of the API");
  }

  /** All functions, in the order of their making. */
  get functions(): readonly ApiFunction[] {
    return this.#functions;
  }

  #create(
    { stage, bundles }: RosterStackProps,
    name: string,
    timeout?: Duration,
    more: Pick<ApiFunctionProps, "memorySize" | "deadLetters"> = {},
  ): ApiFunction {
    const made = new ApiFunction(this, name, { name, bundles, stage, timeout, ...more });
    this.#functions.push(made);
    return made;
  }

  #find(name: string): ApiFunction {
    const found = this.functions.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  }
}
