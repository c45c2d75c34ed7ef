import type { PerchEvent } from "#shared/connection/events.ts";
import { type PublishEventsDependencies, publishEvents } from "#shared/connection/publish-events.ts";
import { describeError, type Log } from "#shared/log.ts";

export interface PublishStreamDependencies extends PublishEventsDependencies {
  readonly log: Log;
  /** Reads an event out of a stream record; undefined for what is none. */
  readonly readRecord: (record: unknown) => PerchEvent | undefined;
}

/**
 * Invoked with batches of the table's stream. It never fails a batch: what the bus does not take stays in the outbox, and
 * the sweep publishes it. A batch that failed for ever would hold up all that come after it.
 */
export const createHandler = ({ log, readRecord, ...deps }: PublishStreamDependencies) => {
  const publish = publishEvents(deps);

  return async (batch: { readonly Records?: readonly unknown[] }): Promise<void> => {
    const operation = "publish-events";
    try {
      const events = (batch.Records ?? []).map(readRecord).filter((event) => event !== undefined);
      // One line each, before anything can fail: alarms count some types of them.
      for (const event of events) log.info("event on its way", { operation, ...about(event) });
      const left = await publish(events);
      const count = events.length - left.length;
      if (left.length > 0) log.warn("events left to the sweep", { operation, count: left.length });
      log.info("events published", { operation, count });
    } catch (error) {
      log.error("events left to the sweep", { operation, ...describeError(error) });
    }
  };
};

const about = ({ eventId, type, customerId, subject }: PerchEvent) => ({
  reason: type,
  request_id: eventId,
  customer_id: customerId,
  ...(subject.kind === "connection" && { connection_id: subject.id }),
  ...(subject.kind === "connect_session" && { session_id: subject.id }),
});
