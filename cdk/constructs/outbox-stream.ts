import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Who brings out the events that a transaction put into the table. */
export interface OutboxStreamProps {
  readonly table: TableV2;
  readonly publisher: LambdaFunction;
  /** Where it is told which places in the stream the publisher did not get through. */
  readonly deadLetters: Queue;
}

/** Brings new outbox items from the table's stream to the publisher. */
export class OutboxStream extends Construct {
  constructor(scope: Construct, id: string, { table, publisher, deadLetters }: OutboxStreamProps) {
    super(scope, id);
    const stream = table.tableStreamArn;
    if (stream === undefined) throw new Error("the table has no stream");
    // Granted by hand: the CDK's own grant would let the function list the streams of all tables.
    const read = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    publisher.addToRolePolicy(
      new PolicyStatement({ actions: read.map((action) => `dynamodb:${action}`), resources: [stream] }),
    );
    publisher.addToRolePolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] }));
    const isEvent = { eventName: ["INSERT"], dynamodb: { Keys: { pk: { S: [{ prefix: "OUTBOX#" }] } } } };
    new EventSourceMapping(this, "Mapping", {
      target: publisher,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      retryAttempts: 3,
      filters: [FilterCriteria.filter(isEvent)],
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    });
  }
}
