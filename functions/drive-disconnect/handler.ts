import { type DriveDisconnectDependencies, driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { NudgeDisconnects } from "#shared/connection/nudge-disconnects.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface DriveDisconnectsDependencies extends DriveDisconnectDependencies {
  readonly log: Log;
  /** Reads the connection that a message names. @throws for one that names none. */
  readonly readMessage: (body: string) => Parameters<NudgeDisconnects>[0][number];
}

/** What SQS hands over. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What it is told: these are to come again, and end in the dead letters. */
export interface QueueReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Takes one step for each connection that a message names. The message is a nudge and no more: what is to be done stands in
 * the table, and what is not confirmed falls due again by itself.
 */
export const createHandler = ({ log, readMessage, ...deps }: DriveDisconnectsDependencies) => {
  const drive = driveDisconnect(deps);

  return async ({ Records }: QueueBatch): Promise<QueueReply> => {
    const operation = "drive-disconnect";
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        const { customerId, connectionId } = readMessage(body);
        const driven = await drive(customerId, connectionId);
        log.info(`disconnect ${driven}`, {
          operation,
          customer_id: customerId,
          connection_id: connectionId,
          reason: driven,
        });
      } catch (error) {
        log.error("disconnect failed", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};
