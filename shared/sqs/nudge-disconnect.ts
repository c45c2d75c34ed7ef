import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import type { NudgeDisconnects } from "../connection/nudge-disconnects.ts";
import { readText } from "./read-text.ts";

/** The most messages that one call takes. */
const batchSize = 10;

/** Puts connections before the function that drives their disconnects. */
export const createNudgeDisconnects =
  (client: Pick<SQSClient, "send">, queueUrl: string): NudgeDisconnects =>
  async (connections) => {
    for (let first = 0; first < connections.length; first += batchSize) {
      const batch = connections.slice(first, first + batchSize);
      await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map(({ customerId, connectionId }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify({ customer_id: customerId, connection_id: connectionId }),
          })),
        }),
      );
    }
  };

/** The connection that a message names. @throws Error if it names none. */
export const readNudge = (body: string): Parameters<NudgeDisconnects>[0][number] => {
  const message: Readonly<Record<string, unknown>> = Object(JSON.parse(body));
  return {
    customerId: readText(message["customer_id"], parseCustomerId),
    connectionId: readText(message["connection_id"], parseConnectionId),
  };
};
