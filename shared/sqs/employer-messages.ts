import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import type { EmployerRead, NudgeEmployerReads } from "../employer/ports.ts";
import { parseDate, readText } from "./read-text.ts";

/** Puts reads of employers before the function that reads. */
export const createNudgeEmployerReads =
  (client: Pick<SQSClient, "send">, queueUrl: string): NudgeEmployerReads =>
  async ({ customerId, connectionId, staleBefore, attempt }, delaySeconds) => {
    const MessageBody = JSON.stringify({
      customer_id: customerId,
      connection_id: connectionId,
      stale_before: staleBefore?.toISOString(),
      attempt,
    });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: delaySeconds }));
  };

/** The read in a message. @throws Error if there is none: nobody but Perch writes into the queue. */
export const readEmployerMessage = (body: string): EmployerRead => {
  const message: Readonly<Record<string, unknown>> = Object(JSON.parse(body));
  const { attempt, stale_before } = message;
  if (typeof attempt !== "number") throw new TypeError("a read of employers without its attempt");
  return {
    customerId: readText(message["customer_id"], parseCustomerId),
    connectionId: readText(message["connection_id"], parseConnectionId),
    staleBefore: stale_before === undefined ? undefined : readText(stale_before, parseDate),
    attempt,
  };
};
