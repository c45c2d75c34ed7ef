/** The stream's publisher: no batch fails, and each event is told in the log, which alarms count. */
import { describe, expect, it } from "vitest";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { ConnectionId, CustomerId, SessionId } from "#shared/connection/identifiers.ts";
import { createLog } from "#shared/log.ts";
import { createHandler } from "../../../functions/publish-events/handler.ts";

const common = { time: new Date(0), customerId: "acme" as CustomerId };
const held: PerchEvent = {
  ...common,
  eventId: "e1",
  type: "ConnectionHeld",
  subject: { kind: "connection", id: "conn-1" as ConnectionId, version: 1 },
  detail: { provider_id: "gusto", status: "held" },
};
const conflict: PerchEvent = {
  ...common,
  eventId: "e2",
  type: "ConnectionConflict",
  subject: { kind: "connect_session", id: "session-1" as SessionId, version: 2 },
  detail: { reason: "connection_conflict" },
};

/** The handler, before a bus that takes these. */
const publisher = (take: (events: readonly PerchEvent[]) => readonly PerchEvent[]) => {
  const lines: Record<string, unknown>[] = [];
  const handle = createHandler({
    log: createLog((line) => lines.push(JSON.parse(line))),
    outbox: { remove: async () => {} },
    putOntoBus: async (events) => new Set(take(events).map(({ eventId }) => eventId)),
    readRecord: (record) => record as PerchEvent | undefined,
  });
  return { lines, receive: (...Records: readonly unknown[]) => handle({ Records }) };
};

describe("the publisher", () => {
  it("tells of each event by its type, and by what it is about", async () => {
    const { lines, receive } = publisher((events) => events);
    await receive(held, undefined, conflict);
    const told = { level: "INFO", message: "event on its way", operation: "publish-events", customer_id: "acme" };
    expect(lines).toEqual([
      { ...told, reason: "ConnectionHeld", request_id: "e1", connection_id: "conn-1" },
      { ...told, reason: "ConnectionConflict", request_id: "e2", session_id: "session-1" },
      { level: "INFO", message: "events published", operation: "publish-events", count: 2 },
    ]);
  });

  it("leaves to the sweep what the bus does not take, and fails no batch", async () => {
    const refusing = publisher((events) => events.slice(1));
    await refusing.receive(held, conflict);
    expect(refusing.lines.slice(2)).toMatchObject([
      { level: "WARN", message: "events left to the sweep", count: 1 },
      { message: "events published", count: 1 },
    ]);
    const failing = publisher(() => {
      throw new Error("unreachable");
    });
    await failing.receive(held);
    expect(failing.lines).toMatchObject([
      { message: "event on its way", reason: "ConnectionHeld" },
      { level: "ERROR", message: "events left to the sweep", error_name: "Error" },
    ]);
  });
});
