import type { Outbox } from "./due-ports.ts";
import type { PerchEvent } from "./events.ts";

/** Puts events onto the bus; returns the ids of those that it took. */
export type PutOntoBus = (events: readonly PerchEvent[]) => Promise<ReadonlySet<string>>;

export interface PublishEventsDependencies {
  readonly outbox: Pick<Outbox, "remove">;
  readonly putOntoBus: PutOntoBus;
}

/**
 * Creates the use case: publishes events, and takes from the outbox what the bus has taken. Dying in between publishes an
 * event again, under the same id: none is lost, none is invented. Returns those that the bus did not take.
 */
export const publishEvents =
  ({ outbox, putOntoBus }: PublishEventsDependencies) =>
  async (events: readonly PerchEvent[]): Promise<readonly PerchEvent[]> => {
    if (events.length === 0) return [];
    const taken = await putOntoBus(events);
    await Promise.all([...taken].map((eventId) => outbox.remove(eventId)));
    return events.filter(({ eventId }) => !taken.has(eventId));
  };
