import { ArnFormat, Duration, Stack, Validations } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { DefinitionBody, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";
import { lostRosterRuleName } from "./dead-letters.ts";
import { describeRosterMachine } from "./roster-definition.ts";

/** The steps' functions. */
export interface RosterWorkflowProps {
  readonly stage: Stage;
  /** Reads one connection, with its tokens. Finds none by itself. */
  readonly read: ApiFunction;
  /** Names what is to be read, and makes a roster of it. */
  readonly reconcile: ApiFunction;
}

const machineName = (stage: Stage): string => `perch-${stage.name}-rosters`;

/** The state machine by its name, for who has it in another stack. */
export const rosterMachineArn = (scope: Construct, stage: Stage): string =>
  Stack.of(scope).formatArn({
    ...{ service: "states", resource: "stateMachine", resourceName: machineName(stage) },
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/**
 * The state machine of rosters: a child execution for each connection, then one step that reconciles. Its executions' input,
 * output and history hold ids and states: people lie in sealed pages, and how far a connection is stands in the table.
 */
export class RosterWorkflow extends Construct {
  readonly #arn: string;
  readonly #name: string;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, read, reconcile }: RosterWorkflowProps) {
    super(scope, id);
    this.#stage = stage;
    this.#name = machineName(stage);
    this.#arn = rosterMachineArn(this, stage);
    const functions = { read: read.toInvoke().functionArn, reconcile: reconcile.toInvoke().functionArn };
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("states.amazonaws.com") });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: Object.values(functions) }));
    // A distributed map starts executions of its own machine, as its children.
    role.addToPolicy(new PolicyStatement({ actions: ["states:StartExecution"], resources: [this.#arn] }));
    // As AWS's page on distributed maps has it, and the CDK's own map; and children by their own names, which have a label.
    const children = [":*", "/*"] as const;
    role.addToPolicy(
      new PolicyStatement({
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: children.map((end) => `${this.#executions()}${end}`),
      }),
    );
    for (const end of children) this.#accept(role, end);
    const machine = new StateMachine(this, "Machine", {
      stateMachineName: this.#name,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(describeRosterMachine(functions))),
      role,
      timeout: Duration.days(3),
    });
    Validations.of(machine).acknowledge(
      {
        id: "AwsSolutions-SF1",
        reason: "Step Functions keeps each execution's history for 90 days; the steps log themselves.",
      },
      ...["AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"].map((id) => ({
        id,
        reason: "Tracing needs xray:PutTraceSegments on every resource. The table says how far a roster is.",
      })),
    );
  }

  #accept(role: IRole | undefined, end: string) {
    if (role === undefined) throw new Error("a function has no role");
    const resource = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${this.#name}${end}`;
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: "Executions are named after rosters, which come and go; all are of this state machine.",
    });
  }

  /** Start executions, and see whether one is on. */
  letStart({ fn }: ApiFunction) {
    fn.addEnvironment("ROSTER_STATE_MACHINE_ARN", this.#arn);
    fn.addToRolePolicy(new PolicyStatement({ actions: ["states:StartExecution"], resources: [this.#arn] }));
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ["states:DescribeExecution"], resources: [`${this.#executions()}:*`] }),
    );
    this.#accept(fn.role, ":*");
  }

  /**
   * Tell this function of each execution that has failed, run out of time or been stopped: what ends one from outside is caught
   * by no state of it. Not of its children's, which their own states follow up.
   */
  tellOfLost(told: ApiFunction, lost: Queue) {
    new Rule(this, "Lost", {
      ruleName: lostRosterRuleName(this.#stage),
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [this.#arn] },
      },
      targets: [
        new LambdaTarget(told.toInvoke(), {
          // Known by its ARN only: it lets the rule in by the rule's name.
          deadLetterQueue: Queue.fromQueueArn(this, "LostEvents", lost.queueArn),
        }),
      ],
    });
  }

  #executions(): string {
    return Stack.of(this).formatArn({
      ...{ service: "states", resource: "execution", resourceName: this.#name },
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
