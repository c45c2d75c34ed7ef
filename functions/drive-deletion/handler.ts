import { type DriveDeletionDependencies, driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { DeletionId } from "#shared/connection/identifiers.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface DriveDeletionsDependencies extends DriveDeletionDependencies {
  readonly log: Log;
  /** Reads the deletion that a message names. @throws for one that names none. */
  readonly readMessage: (body: string) => DeletionId;
}

/** What SQS hands over. */
interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What it is told: these are to come again, and end in the dead letters. */
interface QueueReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What is left of its time when the function stops to take further steps; the next message, or the sweep, goes on. */
const reserveMs = 60_000;

/**
 * Takes steps of the deletions that messages name, as long as there is something to do and time for it. The message is a
 * nudge and no more: what is to be done stands in the table, and falls due again by itself.
 */
export const createHandler = ({ log, readMessage, ...deps }: DriveDeletionsDependencies) => {
  const drive = driveDeletion(deps);

  return async (
    { Records }: QueueBatch,
    context: { readonly getRemainingTimeInMillis: () => number },
  ): Promise<QueueReply> => {
    const operation = "drive-deletion";
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        const deletionId = readMessage(body);
        for (let goesOn = true; goesOn; ) {
          const { step, deletion, isOverdue } = await drive(deletionId);
          const about = { operation, customer_id: deletion?.customerId, reason: step };
          log.info(`deletion ${step}`, about);
          // Counted by an alarm.
          if (isOverdue) log.warn("deletion overdue", about);
          goesOn = step === "more" && context.getRemainingTimeInMillis() > reserveMs;
        }
      } catch (error) {
        log.error("deletion failed", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};
