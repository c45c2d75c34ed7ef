import { isDeepStrictEqual } from "node:util";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { Audited } from "./audited.ts";

/** Each change has its event, none is told twice or invented, and all have reached the bus. */
export const auditEvents = (world: Audited): string[] => [
  ...auditPublication(world),
  ...auditSessionEvents(world),
  ...auditConnectionEvents(world),
];

const nameOf = ({ type, subject }: PerchEvent): string => `${type} of ${subject.id}, version ${subject.version}`;

const auditPublication = ({ memory, bus }: Audited): string[] => {
  const violations: string[] = [];
  for (const event of memory.written) {
    const copies = bus.filter(({ eventId }) => eventId === event.eventId);
    if (copies.length === 0) violations.push(`${nameOf(event)} was never published`);
    if (copies.some((published) => !isDeepStrictEqual(published, event)))
      violations.push(`${nameOf(event)} was altered`);
    const doubles = sinceItsLastEnd(memory.written, event.subject.id).filter(
      (other) => nameOf(other) === nameOf(event),
    );
    if (doubles.length > 1) violations.push(`${nameOf(event)} was written ${doubles.length} times`);
  }
  for (const event of bus) {
    if (!memory.written.some(({ eventId }) => eventId === event.eventId)) {
      violations.push(`${nameOf(event)} was published, and never written`);
    }
  }
  for (const event of memory.outbox.values()) violations.push(`${nameOf(event)} is still in the outbox`);
  return violations;
};

const auditSessionEvents = ({ memory }: Audited): string[] => {
  const violations: string[] = [];
  for (const session of memory.sessions.values()) {
    const { sessionId, customerId, status, failureReason, version } = session;
    const told = memory.written.filter(({ subject }) => subject.id === sessionId);
    const failures = told.filter(({ type }) => type === "ConnectSessionFailed");
    const name = `session ${sessionId}`;
    if (status === "failed") {
      const reasons = failures.map(({ detail }) => "reason" in detail && detail.reason);
      if (reasons.at(-1) !== failureReason) violations.push(`${name} failed, and nobody was told why`);
      const isConflict = failureReason === "connection_conflict" || failureReason === "customer_mismatch";
      if (isConflict !== told.some(({ type }) => type === "ConnectionConflict")) {
        violations.push(`${name} failed as ${failureReason}, with a conflict told, or none, against it`);
      }
    }
    // One that was given up and completed after all was told of as failed before.
    const wasGivenUp = status === "completed" && failures.every(({ subject }) => subject.version < version);
    if (failures.length > 1 || (failures.length === 1 && status !== "failed" && !wasGivenUp)) {
      violations.push(`${name} is ${status}, and was told of as failed ${failures.length} times`);
    }
    for (const event of told) {
      if (event.customerId !== customerId) violations.push(`${nameOf(event)} is told to another customer`);
      if (event.subject.version > version) violations.push(`${nameOf(event)} is ahead of its session`);
      for (const other of memory.customers.keys()) {
        if (other !== customerId && JSON.stringify(event).includes(other)) {
          violations.push(`${nameOf(event)} names another customer`);
        }
      }
    }
  }
  return violations;
};

const auditConnectionEvents = ({ memory }: Audited): string[] => {
  const violations: string[] = [];
  const events = memory.written.filter(({ subject }) => subject.kind === "connection");
  for (const { connectionId, customerId, version, tokens } of memory.connections.values()) {
    const told = sinceItsLastEnd(events, connectionId);
    for (const event of told) {
      if (event.subject.version > version) violations.push(`${nameOf(event)} is ahead of its connection`);
      if (event.customerId !== customerId) violations.push(`${nameOf(event)} is told to another than its owner`);
    }
    const isBegun = told.some(({ type }) => type === "ConnectionCreated" || type === "ConnectionHeld");
    if (!isBegun) violations.push(`connection ${connectionId} is there, and nobody was told`);
    // One event for each token, at the time at which it came.
    for (const { tokenId, createdAt } of tokens) {
      const came = told.filter(({ time }) => time.getTime() === createdAt.getTime()).length;
      const atThatTime = tokens.filter((other) => other.createdAt.getTime() === createdAt.getTime()).length;
      if (came < atThatTime) violations.push(`token ${tokenId} of ${connectionId} came, and nobody was told`);
    }
  }
  const known = new Set([...memory.connections.values()].map(({ connectionId }) => `${connectionId}`));
  for (const { subject } of events) {
    if (known.has(subject.id)) continue;
    for (const event of sinceItsLastEnd(events, subject.id)) {
      violations.push(`${nameOf(event)} is about a connection that is not there`);
    }
  }
  return violations;
};

/** What was told of a connection in its present life: it may end, and come again as a new one. */
const sinceItsLastEnd = (events: readonly PerchEvent[], connectionId: string): readonly PerchEvent[] => {
  const all = events.filter(({ subject }) => subject.id === connectionId);
  return all.slice(all.findLastIndex(isEnd) + 1);
};

const isEnd = ({ type, detail }: PerchEvent): boolean =>
  type === "ConnectionDisconnected" || ("status" in detail && detail.status === "discarded");
