import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type ConnectionId, parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import type { NudgeDisconnects } from "../connection/nudge-disconnects.ts";

/** The most messages that one call takes. */
const batchSize = 10;

/** Puts connections before the function that drives their disconnects. */
export const createNudgeDisconnects =
  (client: SQSClient, queueUrl: string): NudgeDisconnects =>
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
  const { customer_id, connection_id } = Object(JSON.parse(body));
  const customerId = parseCustomerId(String(customer_id));
  const connectionId: ConnectionId | undefined = parseConnectionId(String(connection_id));
  if (customerId === undefined || connectionId === undefined) throw new Error("malformed message");
  return { customerId, connectionId };
};
