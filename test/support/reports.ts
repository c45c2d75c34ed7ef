/** What services of the platform put onto the deployed bus, and the dead letters that come of it. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { readStack } from "./stack.ts";

const config = () => {
  const { awsEndpoint: endpoint, region } = readStack();
  return { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
};

/** Puts `ReauthenticationReported` onto the bus, with any detail. */
export const putReport = async (detail: unknown, source = "payroll-sync"): Promise<void> => {
  const { Entries } = await new EventBridgeClient(config()).send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: readStack().busName,
          Source: source,
          DetailType: "ReauthenticationReported",
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  if (Entries?.[0]?.EventId === undefined) throw new Error("the bus did not take the event");
};

/** A refused report. */
export interface RefusedReport {
  readonly reason: string | undefined;
  readonly body: string;
}

/** The reports among the dead letters, which stay there for others to see. */
export const readRefusedReports = async (): Promise<readonly RefusedReport[]> => {
  const sqs = new SQSClient(config());
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => /DeadLettersReports/.test(url));
  if (QueueUrl === undefined) throw new Error("there is no queue of refused reports");
  const found = new Map<string, RefusedReport>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["reason"],
        VisibilityTimeout: 1,
      }),
    );
    const before = found.size;
    for (const { MessageId = "", Body = "", MessageAttributes } of Messages) {
      found.set(MessageId, { reason: MessageAttributes?.["reason"]?.StringValue, body: Body });
    }
    if (found.size === before) return [...found.values()];
  }
};
