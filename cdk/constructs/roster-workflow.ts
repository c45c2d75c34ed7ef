import { ArnFormat, Duration, Stack, Validations } from "aws-cdk-lib";
import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { DefinitionBody, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";

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

/** A function that fails is called again: it goes on where the last call stopped. */
const retry = [
  {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    MaxAttempts: 8,
    JitterStrategy: "FULL",
  },
];

/** Many read at once only as far as Finch's limits let them; each waits in its turn. */
const connectionsAtOnce = 10;

/**
 * The state machine of rosters: a child execution for each connection, then one step that reconciles. Its executions' input,
 * output and history hold ids and states: people lie in sealed pages, and how far a connection is stands in the table.
 */
export class RosterWorkflow extends Construct {
  readonly #arn: string;
  readonly #name: string;

  constructor(scope: Construct, id: string, { stage, read, reconcile }: RosterWorkflowProps) {
    super(scope, id);
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
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(describe(functions))),
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

  #executions(): string {
    return Stack.of(this).formatArn({
      ...{ service: "states", resource: "execution", resourceName: this.#name },
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** The definition (Amazon States Language). */
const describe = (functions: { readonly read: string; readonly reconcile: string }) => {
  const roster = { "customer_id.$": "$.customer_id", "roster_id.$": "$.roster_id" };
  const connection = { ...roster, "connection_id.$": "$.connection_id" };
  const task = (resource: string, parameters: object, more: object) => ({
    Type: "Task",
    Resource: resource,
    Parameters: parameters,
    Retry: retry,
    ...more,
  });
  const giveUp = (next: string) => [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }];
  return {
    Comment: "Reads everybody who is employed through a customer's connections, and reconciles them",
    StartAt: "Plan",
    States: {
      Plan: task(
        functions.reconcile,
        { step: "plan", ...roster },
        {
          ResultPath: "$.plan",
          Catch: giveUp("Fail"),
          Next: "ReadConnections",
        },
      ),
      ReadConnections: {
        Type: "Map",
        ItemsPath: "$.plan.connections",
        ItemSelector: { ...roster, "connection_id.$": "$$.Map.Item.Value" },
        MaxConcurrency: connectionsAtOnce,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Read",
          States: {
            Read: task(
              functions.read,
              { step: "read", ...connection },
              {
                ResultPath: "$.read",
                Catch: giveUp("GiveUp"),
                Next: "WhatNext",
              },
            ),
            WhatNext: {
              Type: "Choice",
              Choices: [
                { Variable: "$.read.state", StringEquals: "wait", Next: "Wait" },
                { Variable: "$.read.state", StringEquals: "done", Next: "Done" },
              ],
              Default: "Read",
            },
            Wait: { Type: "Wait", SecondsPath: "$.read.wait_seconds", Next: "Read" },
            GiveUp: task(functions.read, { step: "give_up", ...connection }, { ResultPath: null, Next: "Done" }),
            Done: { Type: "Pass", Result: {}, End: true },
          },
        },
        ResultPath: null,
        Catch: giveUp("Fail"),
        Next: "Reconcile",
      },
      Reconcile: task(functions.reconcile, { step: "reconcile", ...roster }, { Catch: giveUp("Fail"), End: true }),
      Fail: task(functions.reconcile, { step: "fail", ...roster }, { Next: "Failed" }),
      Failed: { Type: "Fail", Error: "RosterFailed" },
    },
  };
};
