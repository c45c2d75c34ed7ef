import { type ContinueSweep, type SweepSecretsDependencies, sweepSecrets } from "#shared/connection/sweep-secrets.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface SweepSecretsHandlerDependencies extends SweepSecretsDependencies {
  readonly log: Log;
  /** Off after a restore, until the table is known to be whole: then no secret is looked at. */
  readonly isOn: boolean;
  readonly continueSweep: ContinueSweep;
}

/** What SQS hands over. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What it is told: these are to come again, and end in the dead letters. */
export interface QueueReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Time to carry out a run's removals and to say where the next goes on. */
const reserveMs = 60_000;

/** A message a day begins a sweep; a run that does not reach the end puts the rest into the queue. */
export const createHandler = ({ log, isOn, continueSweep, ...deps }: SweepSecretsHandlerDependencies) => {
  const sweep = sweepSecrets(deps);
  const operation = "sweep-secrets";

  const run = async (body: string, deadline: Date): Promise<void> => {
    const swept = await sweep(readFrom(body), deadline);
    if (!swept.ok) {
      const { reason, unnamed } = swept.refusal;
      // Counted by an alarm.
      log.error("secrets not swept", { operation, reason, count: unnamed });
      return;
    }
    const { looked, scheduled, unreadable, next } = swept.value;
    log.info(next === undefined ? "secrets swept to the end" : "secrets swept in part", { operation, count: looked });
    if (scheduled > 0) log.warn("secrets scheduled for removal", { operation, count: scheduled });
    if (unreadable > 0) log.warn("secrets without the ids of a token", { operation, count: unreadable });
    if (next !== undefined) await continueSweep(next);
  };

  return async (
    { Records }: QueueBatch,
    context: { readonly getRemainingTimeInMillis: () => number },
  ): Promise<QueueReply> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    if (!isOn) {
      log.info("the sweep of secrets is off", { operation });
      return { batchItemFailures };
    }
    const deadline = new Date(deps.now().getTime() + context.getRemainingTimeInMillis() - reserveMs);
    for (const { messageId, body } of Records) {
      try {
        if (deps.now() >= deadline) throw new Error("no time left");
        await run(body, deadline);
      } catch (error) {
        log.error("sweep of secrets failed", { operation, request_id: messageId, ...describeError(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};

/** Where a message says that the run goes on; undefined for one that begins. @throws Error if it is malformed. */
const readFrom = (body: string): string | undefined => {
  const { from } = Object(JSON.parse(body));
  if (from !== undefined && typeof from !== "string") throw new Error("malformed message");
  return from;
};
