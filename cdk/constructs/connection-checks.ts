import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ConnectionDataStack } from "../connection-data-stack.ts";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";
import { checkRuleName } from "./dead-letters.ts";
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

  constructor(scope: Construct, id: string, props: ConnectionChecksProps) {
    super(scope, id);
    const { table, tokenStore, finch, deadLetters } = props.data;
    const workerTimeout = Duration.minutes(5);
    const { fn } = props.create("check-connection", workerTimeout);
    table.letCheckConnections(fn);
    table.letFindOwners(fn);
    table.letRememberWebhooks(fn);
    tokenStore.letOpen(fn);
    tokenStore.letDestroy(fn);
    finch.letReach(fn);
    fn.addEnvironment("CHECK_INTERVAL_HOURS", `${props.stage.checkIntervalHours}`);
    const worker = { worker: fn, workerTimeout, deadLetters: deadLetters.checks };
    this.#requests = new WorkQueue(this, "Requests", worker);
    this.#checkConnected(props);
  }

  /** Ask for looks. */
  letRequest(fn: LambdaFunction) {
    this.#requests.letSend(fn, "CHECK_QUEUE_URL");
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
