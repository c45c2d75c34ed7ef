import {
  type ReauthenticationReport,
  type ReceiveReportDependencies,
  type ReportRefusal,
  receiveReport,
} from "#shared/connection/receive-report.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface ReceiveReportsDependencies extends ReceiveReportDependencies {
  readonly log: Log;
  /** The report in a message; undefined if there is none. */
  readonly readMessage: (body: string) => ReauthenticationReport | undefined;
  /** Puts a message among the dead letters, with why. */
  readonly bury: (body: string, reason: ReportRefusal) => Promise<void>;
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
 * Takes what services of the platform report. What is malformed or not the reporter's to say becomes a dead letter at once
 * and keeps no other waiting; only an outage has a message come again.
 */
export const createHandler = ({ log, readMessage, bury, ...deps }: ReceiveReportsDependencies) => {
  const receive = receiveReport(deps);

  return async ({ Records }: QueueBatch): Promise<QueueReply> => {
    const operation = "receive-report";
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        const report = readMessage(body);
        const received = await receive(report);
        const line = { operation, customer_id: report?.customerId, connection_id: report?.connectionId };
        if (received.ok) {
          log.info("report received", line);
        } else {
          await bury(body, received.refusal);
          log.warn("report refused", { ...line, reason: received.refusal });
        }
      } catch (error) {
        log.error("report failed", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};
