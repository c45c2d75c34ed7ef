import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Puts a message among the dead letters, with why it is there. */
export type BuryMessage = (body: string, reason: string) => Promise<void>;

/** Buries messages in this queue. The body stays as it came, so that it can be sent again; the reason is an attribute. */
export const createBuryMessage =
  (client: Pick<SQSClient, "send">, queueUrl: string): BuryMessage =>
  async (body, reason) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
      }),
    );
  };
