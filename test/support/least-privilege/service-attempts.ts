/** What is tried on the table's stream, on queues, functions, the bus and logs. */
import { type Attempt, attempt } from "./attempt.ts";
import { type AwsRequest, json } from "./call-aws.ts";
import type { Deployed } from "./deployed.ts";

const bus = "Bus";

export const streamAttempts = ({ streamArn, shardIterator }: Deployed): Attempt[] => {
  const bodies = {
    DescribeStream: { StreamArn: streamArn },
    GetShardIterator: { StreamArn: streamArn, ShardId: "none", ShardIteratorType: "LATEST" },
    GetRecords: { ShardIterator: shardIterator, Limit: 1 },
    ListStreams: { StreamArn: streamArn },
  };
  return Object.entries(bodies).map(([operation, body]) => {
    const request = json("dynamodb", `DynamoDBStreams_20120810.${operation}`, body);
    return attempt(`dynamodb:${operation}`, "ConnectionTable/Table.StreamArn", request);
  });
};

export const queueAttempts = ({ idOf, namesOf }: Deployed): Attempt[] => {
  const bodies: Readonly<Record<string, object>> = {
    SendMessage: {},
    SendMessageBatch: { Entries: [] },
    ReceiveMessage: { MaxNumberOfMessages: 99 },
    DeleteMessage: { ReceiptHandle: "none" },
    ChangeMessageVisibility: { ReceiptHandle: "none", VisibilityTimeout: 0 },
    GetQueueAttributes: {},
    GetQueueUrl: {},
    PurgeQueue: {},
    SetQueueAttributes: { Attributes: {} },
    AddPermission: {},
    DeleteQueue: {},
  };
  return namesOf("AWS::SQS::Queue").flatMap((name) =>
    Object.entries(bodies).map(([operation, body]) => {
      const QueueName = idOf(name).split("/").at(-1);
      const queue = operation === "GetQueueUrl" ? { QueueName } : { QueueUrl: idOf(name) };
      const action = `sqs:${operation.replace(/Batch$/, "")}`;
      const request = json("sqs", `AmazonSQS.${operation}`, { ...queue, ...body });
      return attempt(action, name, request, {}, operation.endsWith("Batch") ? ", in a batch" : "");
    }),
  );
};

export const functionAttempts = ({ idOf, namesOf }: Deployed): Attempt[] =>
  namesOf("AWS::Lambda::Function").flatMap((name) => {
    const path = `/2015-03-31/functions/${idOf(name)}`;
    const lambda = (method: "GET" | "POST" | "PUT", more: string, headers = {}): AwsRequest => ({
      ...{ service: "lambda", method, path: `${path}${more}` },
      ...(method === "GET" ? {} : { headers: { "content-type": "application/json", ...headers }, body: "{}" }),
    });
    return [
      attempt("lambda:InvokeFunction", name, lambda("POST", "/invocations", { "x-amz-invocation-type": "DryRun" })),
      attempt("lambda:GetFunction", name, lambda("GET", "")),
      attempt("lambda:UpdateFunctionCode", name, lambda("PUT", "/code")),
    ];
  });

export const eventAttempts = ({ idOf }: Deployed): Attempt[] => {
  const events = (operation: string, resource: string, body: object) =>
    attempt(`events:${operation}`, resource, json("events", `AWSEvents.${operation}`, body));
  const EventBusName = idOf(bus);
  return [
    // An event without a source and a detail is not taken.
    events("PutEvents", bus, { Entries: [{ EventBusName }] }),
    events("PutEvents", "default", { Entries: [{}] }),
    ...["PutRule", "DeleteRule", "DisableRule", "PutTargets", "RemoveTargets"].map((operation) =>
      events(operation, "a rule", { Name: "none", Rule: "none", EventBusName }),
    ),
    events("PutPermission", bus, { EventBusName }),
  ];
};

export const logAttempts = ({ idOf, functions }: Deployed): Attempt[] =>
  functions.flatMap((name) =>
    ["CreateLogStream", "PutLogEvents", "GetLogEvents", "FilterLogEvents", "DeleteLogGroup"].map((operation) => {
      const stream = operation.endsWith("LogEvents") || operation === "CreateLogStream" ? { logStreamName: "" } : {};
      const body = { logGroupName: idOf(`${name}/Log`), ...stream };
      return attempt(`logs:${operation}`, `${name}/Log`, json("logs", `Logs_20140328.${operation}`, body));
    }),
  );
