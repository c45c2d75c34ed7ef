import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { PerchEvent } from "../connection/events.ts";
import type { PutOntoBus } from "../connection/publish-events.ts";

/** The most entries that one call takes. */
const batchSize = 10;
const source = "perch";

/** Puts events onto the bus. An entry that it does not take is left out of what is returned; the others count. */
export const createPutOntoBus =
  (client: EventBridgeClient, busName: string): PutOntoBus =>
  async (events) => {
    const taken = new Set<string>();
    for (let first = 0; first < events.length; first += batchSize) {
      const batch = events.slice(first, first + batchSize);
      const { Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: batch.map((event) => ({ ...toEntry(event), EventBusName: busName })) }),
      );
      for (const [index, event] of batch.entries()) {
        if (Entries[index]?.EventId !== undefined) taken.add(event.eventId);
      }
    }
    return taken;
  };

/** The event as an entry; its detail is what `docs/events/` describes. */
const toEntry = (event: PerchEvent) => ({
  Source: source,
  DetailType: event.type,
  Time: event.time,
  Detail: JSON.stringify({
    event_id: event.eventId,
    time: event.time.toISOString(),
    customer_id: event.customerId,
    subject: event.subject,
    ...event.detail,
  }),
});
