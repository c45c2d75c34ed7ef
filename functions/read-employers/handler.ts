import type { EmployerRead } from "#shared/employer/ports.ts";
import { type ReadEmployersDependencies, readEmployers } from "#shared/employer/read-employers.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface ReadEmployersHandlerDependencies extends ReadEmployersDependencies {
  readonly log: Log;
  /** Reads what a message asks for. @throws for one that asks for nothing. */
  readonly readMessage: (body: string) => EmployerRead;
}

/** What SQS hands over. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What it is told: these are to come again, and end in the dead letters. */
export interface QueueReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Reads the employers of each connection that a message names. What Finch does not answer is no failure of the message. */
export const createHandler = ({ log, readMessage, ...deps }: ReadEmployersHandlerDependencies) => {
  const read = readEmployers(deps);

  return async ({ Records }: QueueBatch): Promise<QueueReply> => {
    const operation = "read-employers";
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        const wanted = readMessage(body);
        const reason = await read(wanted);
        const { customerId: customer_id, connectionId: connection_id, attempt } = wanted;
        log.info("employers read", { operation, customer_id, connection_id, attempt, reason });
      } catch (error) {
        log.error("employers not read", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};
