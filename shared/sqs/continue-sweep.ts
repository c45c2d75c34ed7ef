import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Asks for another run of a sweep, which goes on from there. */
export type ContinueSweep = (from: string) => Promise<void>;

/** Puts the next run of a sweep into its own queue. */
export const createContinueSweep =
  (client: SQSClient, queueUrl: string): ContinueSweep =>
  async (from) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ from }) }));
  };

/** Where a message says that the run goes on; undefined for one that begins. @throws Error if it is malformed. */
export const readSweepMessage = (body: string): string | undefined => {
  const { from } = Object(JSON.parse(body));
  if (from !== undefined && typeof from !== "string") throw new Error("malformed message");
  return from;
};
