import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { ContinueSweep } from "../connection/sweep-secrets.ts";

/** Puts the next run of a sweep into its own queue. */
export const createContinueSweep =
  (client: SQSClient, queueUrl: string): ContinueSweep =>
  async (from) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ from }) }));
  };
