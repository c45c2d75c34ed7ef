import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import type { Stage } from "../stages.ts";

/** The name of the rule that starts the sweep: the queue of its lost runs lets this one rule in. */
export const sweepRuleName = (stage: Stage): string => `perch-${stage.name}-sweep-due`;

/** The name of the rule that starts the sweep of secrets. */
export const secretSweepRuleName = (stage: Stage): string => `perch-${stage.name}-sweep-secrets`;

/** The name of the rule that has a connection looked at as soon as it has a token. */
export const checkRuleName = (stage: Stage): string => `perch-${stage.name}-check-connected`;

/** The name of the rule that brings what services of the platform report. */
export const reportRuleName = (stage: Stage): string => `perch-${stage.name}-reauthentication-reported`;

/** The name of the rule that starts the sweep of checks. */
export const checkSweepRuleName = (stage: Stage): string => `perch-${stage.name}-sweep-checks`;

/** The name of the rule that tells of executions of rosters that have not come to their end. */
export const lostRosterRuleName = (stage: Stage): string => `perch-${stage.name}-rosters-lost`;

/**
 * Where the work ends that failed again and again, one queue for each kind, for 14 days. They hold ids only, and outlive the
 * functions whose failures they tell of.
 */
export class DeadLetters extends Construct {
  /** Nudges of disconnects. The table knows what they were about: to throw one away loses nothing. */
  readonly disconnects: Queue;
  /** Requests for looks at connections. The table knows when each is due: to throw one away loses nothing. */
  readonly checks: Queue;
  /** Reports that were refused, each with its reason, or that failed. */
  readonly reports: Queue;
  /** Runs of the sweep of checks that failed, or never began. What was due still is at the next. */
  readonly checkSweeps: Queue;
  /** Reads of employers. The next look at the connection asks again. */
  readonly employers: Queue;
  /** Nudges of customers' deletions. The table knows what they were about. */
  readonly deletions: Queue;
  /** Places in the table's stream that the publisher never got through. The sweep has published what was there. */
  readonly events: Queue;
  /** Runs of the sweep that failed, or never began. */
  readonly sweeps: Queue;
  /** Runs of the sweep of secrets that failed, or never began. What they did not get to, the next day's run does. */
  readonly secretSweeps: Queue;
  /** Executions of rosters that were lost, which could not be noted. Starting a roster looks for itself. */
  readonly rosters: Queue;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.disconnects = this.#create("Disconnects");
    this.checks = this.#create("Checks");
    this.#letRuleSend(this.checks, checkRuleName(stage));
    this.reports = this.#create("Reports");
    this.#letRuleSend(this.reports, reportRuleName(stage));
    this.checkSweeps = this.#create("CheckSweeps");
    this.#letRuleSend(this.checkSweeps, checkSweepRuleName(stage));
    this.employers = this.#create("Employers");
    this.deletions = this.#create("Deletions");
    this.events = this.#create("Events");
    this.sweeps = this.#create("Sweeps");
    this.#letRuleSend(this.sweeps, sweepRuleName(stage));
    this.secretSweeps = this.#create("SecretSweeps");
    this.#letRuleSend(this.secretSweeps, secretSweepRuleName(stage));
    this.rosters = this.#create("Rosters");
    this.#letRuleSend(this.rosters, lostRosterRuleName(stage));
  }

  /** Every queue, under the word for what failed. */
  get byKind(): ReadonlyMap<string, Queue> {
    const { disconnects, checks, checkSweeps, employers, deletions, reports, events, sweeps, secretSweeps, rosters } =
      this;
    const ofSweeps = { sweeps, "check-sweeps": checkSweeps, "secret-sweeps": secretSweeps };
    return new Map(
      Object.entries({ disconnects, checks, employers, deletions, reports, events, ...ofSweeps, rosters }),
    );
  }

  /** Put a report here that is refused; `variable` tells the function where. */
  letBuryReports(fn: LambdaFunction, variable: string) {
    fn.addEnvironment(variable, this.reports.queueUrl);
    fn.addToRolePolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.reports.queueArn] }));
  }

  #create(id: string): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retention.deadLetterDays),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(queue).acknowledge(
      { id: "AwsSolutions-SQS3", reason: "It is a queue of dead letters itself." },
      { id: "Serverless-SQSRedrivePolicy", reason: "It is a queue of dead letters itself." },
    );
    return queue;
  }

  /** By the rule's name: the rule is in a stack that is made after this one. */
  #letRuleSend(queue: Queue, ruleName: string) {
    const sourceArn = Stack.of(this).formatArn({
      service: "events",
      resource: "rule",
      resourceName: ruleName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { "aws:SourceArn": sourceArn } },
      }),
    );
  }
}
