import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { NudgeDeletions } from "../connection/delete-customer.ts";
import { type DeletionId, parseDeletionId } from "../connection/identifiers.ts";
import { readText } from "./read-text.ts";

/** The most messages that one call takes. */
const batchSize = 10;

/** Puts deletions before the function that drives them; it gets them so many seconds later. */
export const createNudgeDeletions =
  (client: SQSClient, queueUrl: string): NudgeDeletions =>
  async (deletionIds, delaySeconds = 0) => {
    for (let first = 0; first < deletionIds.length; first += batchSize) {
      const batch = deletionIds.slice(first, first + batchSize);
      await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((deletionId, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify({ deletion_id: deletionId }),
            DelaySeconds: delaySeconds,
          })),
        }),
      );
    }
  };

/** The deletion that a message names. @throws Error if it names none. */
export const readDeletionNudge = (body: string): DeletionId => {
  const message: Readonly<Record<string, unknown>> = Object(JSON.parse(body));
  return readText(message["deletion_id"], parseDeletionId);
};
