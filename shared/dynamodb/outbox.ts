import { DeleteCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Outbox } from "../connection/due-ports.ts";
import type { PerchEvent } from "../connection/events.ts";
import { type Item, readItem } from "./item.ts";
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

/** The outbox in the table. */
export const createOutbox = (table: Table): Outbox => ({
  async find(eventId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.event(eventId), ConsistentRead: true }),
    );
    return Item && fromEventItem(Item);
  },

  async remove(eventId) {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.event(eventId) }));
  },
});

/** The item as an event; its shape is that of the transaction that wrote it. @throws TypeError if it is malformed. */
const fromEventItem = (item: Item): PerchEvent => {
  const read = readItem(item);
  return {
    eventId: read.text("event_id"),
    type: read.text("type"),
    time: read.date("time"),
    customerId: read.text("customer_id"),
    subject: read.map("subject"),
    detail: read.map("detail"),
  } as unknown as PerchEvent;
};

/** The event in a record of the table's stream; undefined for one that is about another item, or about a removal. */
export const readOutboxRecord = (record: unknown): PerchEvent | undefined => {
  const { eventName, dynamodb } = Object(record);
  const image = Object(dynamodb).NewImage;
  if (eventName !== "INSERT" || !image?.pk?.S?.startsWith("OUTBOX#")) return undefined;
  return fromEventItem(unmarshall(image) as Item);
};
