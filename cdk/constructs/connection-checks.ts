import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget, SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ConnectionDataStack } from "../connection-data-stack.ts";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";
import { checkRuleName, checkSweepRuleName } from "./dead-letters.ts";
import { WorkQueue } from "./work-queue.ts";

/** What looks at connections is made from. */
export interface ConnectionChecksProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  /** Makes one of the API stack's functions. */
  readonly create: (name: string, timeout?: Duration, deadLetters?: Queue) => ApiFunction;
}

/** What makes Perch look at connections: requests of every kind end in one queue, and what Finch says decides. */
export class ConnectionChecks extends Construct {
  readonly #requests: WorkQueue;
  /** The functions that ask Finch about connections. */
  readonly looking: ApiFunction[] = [];

  constructor(scope: Construct, id: string, props: ConnectionChecksProps) {
    super(scope, id);
    const { table, deadLetters } = props.data;
    const workerTimeout = Duration.minutes(5);
    const { fn } = this.#createLooking(props, "check-connection", workerTimeout);
    table.letFindOwners(fn);
    table.letRememberWebhooks(fn);
    const worker = { worker: fn, workerTimeout, deadLetters: deadLetters.checks };
    this.#requests = new WorkQueue(this, "Requests", worker);
    this.#checkConnected(props);
    this.#sweep(props);
  }

  /** Ask for looks. */
  letRequest(fn: LambdaFunction) {
    this.#requests.letSend(fn, "CHECK_QUEUE_URL");
  }

  /** A function that asks Finch about connections, and stores what it says. */
  #createLooking({ data, stage, create }: ConnectionChecksProps, name: string, timeout: Duration): ApiFunction {
    const made = create(name, timeout);
    data.table.letCheckConnections(made.fn);
    data.table.letMarkDuplicates(made.fn);
    data.tokenStore.letOpen(made.fn);
    data.tokenStore.letDestroy(made.fn);
    data.finch.letReach(made.fn);
    made.fn.addEnvironment("CHECK_INTERVAL_HOURS", `${stage.checkIntervalHours}`);
    this.looking.push(made);
    return made;
  }

  /** Every connection is looked at by itself: one function knows what is due and opens nothing, another opens what it is named. */
  #sweep(props: ConnectionChecksProps) {
    const { stage, data, create } = props;
    const attempt = this.#createLooking(props, "try-connections", Duration.minutes(1));
    const sweep = create("sweep-checks", Duration.minutes(5), data.deadLetters.checkSweeps);
    data.table.letSweepChecks(sweep.fn);
    attempt.letInvoke(sweep, "TRY_CONNECTIONS_FUNCTION_NAME");
    this.letRequest(sweep.fn);
    sweep.fn.addEnvironment("CHECKS_PER_RUN", `${stage.checksPerRun}`);
    const lostRuns = Queue.fromQueueArn(this, "LostRuns", data.deadLetters.checkSweeps.queueArn);
    new Rule(this, "Sweep", {
      ruleName: checkSweepRuleName(stage),
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(sweep.fn, { retryAttempts: 0, deadLetterQueue: lostRuns })],
    });
  }

  /** A connection that has a token just now is looked at within seconds: what it opens, and which it makes superfluous. */
  #checkConnected({ stage, data }: ConnectionChecksProps) {
    new Rule(this, "Connected", {
      ruleName: checkRuleName(stage),
      eventBus: data.bus,
      eventPattern: {
        source: ["perch"],
        detailType: ["ConnectionCreated", "ConnectionHeld", "ConnectionReconnected"],
      },
      targets: [
        new SqsQueue(this.#requests.queue, {
          message: RuleTargetInput.fromObject({
            customer_id: EventField.fromPath("$.detail.customer_id"),
            connection_id: EventField.fromPath("$.detail.subject.id"),
            reason: "connected",
            asked_at: EventField.fromPath("$.detail.time"),
          }),
          // Known by its ARN only: it lets the rule in by the rule's name, and this stack needs nothing of the queue's.
          deadLetterQueue: Queue.fromQueueArn(this, "Lost", data.deadLetters.checks.queueArn),
        }),
      ],
    });
  }
}
