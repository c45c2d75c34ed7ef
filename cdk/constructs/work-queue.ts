import { Duration, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Who works on a queue. */
export interface WorkQueueProps {
  readonly worker: LambdaFunction;
  readonly workerTimeout: Duration;
  /** Where a message goes that failed five times. */
  readonly deadLetters: Queue;
  /** How many messages the worker is given at once; 10, if left out. */
  readonly batchSize?: number;
}

/** A queue before a function. Messages carry ids only. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // Six times the worker's limit, as Lambda's documentation advises.
      visibilityTimeout: Duration.seconds(props.workerTimeout.toSeconds() * 6),
      deadLetterQueue: { queue: props.deadLetters, maxReceiveCount: 5 },
    });
    // Two at a time, the least that Lambda knows: what nobody waits for leaves Finch's limits to what somebody does.
    props.worker.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize ?? 10,
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    Validations.of(props.worker).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason: "The queue itself sends on what failed: its redrive policy names the dead letters.",
    });
  }

  /** Put messages into it; `variable` tells the function where it is. */
  letSend(fn: LambdaFunction, variable: string) {
    fn.addEnvironment(variable, this.queue.queueUrl);
    fn.addToRolePolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.queue.queueArn] }));
  }
}
