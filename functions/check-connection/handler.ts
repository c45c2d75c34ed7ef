import { type AnswerCheckRequestDependencies, answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface CheckConnectionHandlerDependencies extends AnswerCheckRequestDependencies {
  readonly log: Log;
  /** Reads the request in a message. @throws for one that has none. */
  readonly readMessage: (body: string) => CheckRequest;
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
 * Looks at each connection that a message asks for. A message is a hint and no more: what Finch does not answer is no
 * failure of the message, since the connection falls due by itself.
 */
export const createHandler = ({ log, readMessage, ...deps }: CheckConnectionHandlerDependencies) => {
  const answer = answerCheckRequest(deps);

  return async ({ Records }: QueueBatch): Promise<QueueReply> => {
    const operation = "check-connection";
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        const request = readMessage(body);
        const reason = await answer(request);
        const { customerId: customer_id, connectionId: connection_id } = request;
        log.info(`check asked for: ${request.reason}`, { operation, customer_id, connection_id, reason });
      } catch (error) {
        log.error("check failed", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};
