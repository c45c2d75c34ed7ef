import { join } from "node:path";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  Architecture,
  CfnAlias,
  Code,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { FilterPattern, LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import { reservedConcurrency } from "../limits.ts";
import { isToldBy, metricNamespace, signals } from "../signals.ts";
import type { Stage } from "../stages.ts";

/** How a function differs from the others. */
export interface ApiFunctionProps {
  /** The folder under `functions/`. */
  readonly name: string;
  readonly stage: Stage;
  /** The folder that holds the bundles. */
  readonly bundles: string;
  /** How long it may run; the gateway waits 29 s at most. */
  readonly timeout?: Duration | undefined;
  /** In MB; what an interactive function has, if left out. */
  readonly memorySize?: number | undefined;
  /** Where an invocation goes that nobody waited for and that failed. */
  readonly deadLetters?: Queue | undefined;
}

/** What the functions, their aliases and what deploys them are called: the operations stack knows them by name only. */
export const deploymentNames = (stage: Stage, name: string) => ({
  functionName: `perch-${stage.name}-${name}`,
  aliasName: "live",
  applicationName: `perch-${stage.name}`,
  deploymentGroupName: `perch-${stage.name}-${name}`,
});

/**
 * One Lambda: its own bundle, its own role, its own log group. It begins with no permission but to write its log. On AWS,
 * whoever invokes it goes through an alias, which moves to a new version step by step.
 */
export class ApiFunction extends Construct {
  readonly fn: LambdaFunction;
  /** The folder under `functions/`. */
  readonly name: string;
  readonly #stage: Stage;
  #live: Alias | undefined;

  constructor(
    scope: Construct,
    id: string,
    { name, stage, bundles, timeout, deadLetters, memorySize }: ApiFunctionProps,
  ) {
    super(scope, id);
    this.name = name;
    this.#stage = stage;
    const logGroup = new LogGroup(this, "Log", {
      retention: retention.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    );
    const reserved = stage.reserveConcurrency ? reservedConcurrency.get(name) : undefined;
    this.fn = new LambdaFunction(this, "Function", {
      functionName: deploymentNames(stage, name).functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(join(bundles, name)),
      // The first call is bound by CPU, which Lambda gives out with the memory.
      memorySize: memorySize ?? 1024,
      timeout: timeout ?? Duration.seconds(29),
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
      ...(deadLetters && { deadLetterQueue: deadLetters }),
      // An invocation may run for minutes yet on the version that was replaced.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    this.#countSignals(logGroup);
    Validations.of(this.fn).acknowledge({
      id: "Serverless-LambdaTracing",
      reason: "Tracing needs xray:PutTraceSegments on every resource. The log has each request's id and duration.",
    });
    if (deadLetters === undefined) {
      Validations.of(this.fn).acknowledge({
        id: "Serverless-LambdaDLQ",
        reason:
          "Whoever invokes it waits for its answer, or has dead letters of their own. No code or token is queued.",
      });
    }
  }

  /** Lets another function invoke this one; `variable` tells it the name. */
  letInvoke(caller: ApiFunction, variable: string) {
    const target = this.toInvoke();
    caller.fn.addEnvironment(variable, target.functionName);
    caller.fn.addToRolePolicy(
      new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.functionArn] }),
    );
  }

  /** What an invocation is to name: the alias, or the function itself where there is none. */
  toInvoke(): IFunction {
    if (!this.#stage.onAws) return this.fn;
    this.#live ??= this.#addAlias();
    // The interfaces ask for optional properties of another strictness than the classes have.
    return this.#live as IFunction;
  }

  /** True if it is deployed step by step: its callers go through an alias. */
  get isInvoked(): boolean {
    return this.#live !== undefined;
  }

  #addAlias(): Alias {
    const { aliasName, applicationName, deploymentGroupName } = deploymentNames(this.#stage, this.name);
    const alias = new Alias(this, "Live", { aliasName, version: this.fn.currentVersion as IVersion });
    const resource = alias.node.defaultChild;
    if (!(resource instanceof CfnAlias)) throw new Error(`the alias of ${this.name} is no alias`);
    resource.cfnOptions.updatePolicy = { codeDeployLambdaAliasUpdate: { applicationName, deploymentGroupName } };
    return alias;
  }

  #countSignals(logGroup: LogGroup) {
    for (const { metric, pattern, value } of signals.filter((signal) => isToldBy(signal, this.name))) {
      logGroup.addMetricFilter(metric, {
        filterPattern: FilterPattern.literal(pattern),
        metricNamespace: metricNamespace(this.#stage.name),
        metricName: metric,
        metricValue: value,
      });
    }
  }
}
