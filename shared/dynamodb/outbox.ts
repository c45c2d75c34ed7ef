import type { PerchEvent } from "../connection/events.ts";
import { due, keys } from "./keys.ts";
import type { Action, Table } from "./table.ts";

/** How long the stream may take before the sweep publishes an event itself. */
const republishAfterMs = 5 * 60_000;

/** The actions that put events into the outbox, for the transaction that makes the change they tell of. */
export const putEvents = (table: Table, events: readonly PerchEvent[]): Action[] =>
  events.map((event) => ({
    Put: {
      TableName: table.name,
      Item: {
        ...keys.event(event.eventId),
        ...due("EVENT", event.eventId, new Date(event.time.getTime() + republishAfterMs)),
        event_id: event.eventId,
        type: event.type,
        time: event.time.toISOString(),
        customer_id: event.customerId,
        subject: event.subject,
        detail: event.detail,
      },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  }));
