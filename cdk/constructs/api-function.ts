import { join } from "node:path";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** How a function differs from the others. */
export interface ApiFunctionProps {
  /** The folder under `functions/`. */
  readonly name: string;
  /** The folder that holds the bundles. */
  readonly bundles: string;
  /** How long it may run; the gateway waits 29 s at most. */
  readonly timeout?: Duration;
}

/** One Lambda: its own bundle, its own role, its own log group. It begins with no permission but to write its log. */
export class ApiFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", {
      retention: RetentionDays.THREE_MONTHS,
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
    this.fn = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(join(props.bundles, props.name)),
      // The first call is bound by CPU, which Lambda gives out with the memory.
      memorySize: 1024,
      timeout: props.timeout ?? Duration.seconds(29),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    Validations.of(this.fn).acknowledge(
      {
        id: "Serverless-LambdaDLQ",
        reason:
          "It is invoked synchronously only: who waits for the answer learns of a failure. No code or token is queued.",
      },
      {
        id: "Serverless-LambdaTracing",
        reason: "Tracing needs xray:PutTraceSegments on every resource. The log has each request's id and duration.",
      },
    );
  }

  /** Lets another function invoke this one; `variable` tells it the name. */
  letInvoke(caller: ApiFunction, variable: string) {
    caller.fn.addEnvironment(variable, this.fn.functionName);
    caller.fn.addToRolePolicy(
      new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.fn.functionArn] }),
    );
  }
}
