import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { CheckReason, CheckRequest, NudgeChecks } from "../connection/check-request.ts";
import { parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import { parseDate, readText } from "./read-text.ts";

/** The most messages that one call takes. */
const batchSize = 10;

const reasons: readonly CheckReason[] = ["webhook", "reported", "connected", "sweep", "sibling", "call", "company"];

/**
 * Puts requests for looks before the function that looks. One round trip for up to ten.
 *
 * @throws Error if the queue did not take all of them: who asks says so to whoever asked it.
 */
export const createNudgeChecks =
  (client: Pick<SQSClient, "send">, queueUrl: string): NudgeChecks =>
  async (requests) => {
    const [only] = requests;
    if (only !== undefined && requests.length === 1) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: writeCheckMessage(only) }));
      return;
    }
    for (let first = 0; first < requests.length; first += batchSize) {
      const batch = requests.slice(first, first + batchSize);
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((request, index) => ({ Id: String(index), MessageBody: writeCheckMessage(request) })),
        }),
      );
      // A batch is taken message by message, and answered with 200 all the same.
      if (Failed.length > 0) throw new Error("the queue did not take all messages");
    }
  };

const writeCheckMessage = (request: CheckRequest): string =>
  JSON.stringify({
    customer_id: request.customerId,
    connection_id: request.connectionId,
    reason: request.reason,
    asked_at: request.askedAt.toISOString(),
    made_at: request.madeAt?.toISOString(),
    finch_event_id: request.finchEventId,
  });

/** The request in a message. @throws Error if there is none: nobody but Perch writes into the queue. */
export const readCheckMessage = (body: string): CheckRequest => {
  const message: Readonly<Record<string, unknown>> = Object(JSON.parse(body));
  const { customer_id, made_at, finch_event_id } = message;
  return {
    customerId: customer_id === undefined ? undefined : readText(customer_id, parseCustomerId),
    connectionId: readText(message["connection_id"], parseConnectionId),
    reason: readText(message["reason"], (text) => reasons.find((reason) => reason === text)),
    askedAt: readText(message["asked_at"], parseDate),
    ...(made_at !== undefined && { madeAt: readText(made_at, parseDate) }),
    ...(finch_event_id !== undefined && { finchEventId: readText(finch_event_id, (text) => text) }),
  };
};
