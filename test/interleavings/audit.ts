/** What must be true of everything that is stored, whoever did what in which order. Each finding is a sentence. */
import { hashOf } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import { auditTokens } from "./audit-tokens.ts";
import { type Audited, laterLife } from "./audited.ts";
import type { Snapshot } from "./snapshot.ts";

/** Audits what is stored once all callers have ended. Empty if all is well. */
export const audit = async (snapshot: Snapshot, world: Audited["world"], mayOverrun: boolean): Promise<string[]> => {
  const events = [...new Map([...world.bus, ...snapshot.outbox].map((event) => [event.eventId, event])).values()];
  const audited: Audited = { snapshot, world, events, mayOverrun };
  return [
    ...auditOwners(audited),
    ...auditCustomers(audited),
    ...(await auditTokens(audited)),
    ...auditSessions(audited),
    ...auditEvents(audited),
    ...auditDisconnects(audited),
    ...auditSilence(audited),
    ...auditErasure(audited),
  ];
};

/** Audits what must have come to its end when sweep and driver had their time. */
export const auditSettled = ({ customers, sessions, connections, outbox }: Snapshot): string[] => [
  ...customers.filter(({ deletion }) => deletion !== null).map(({ customerId }) => `${customerId} is not deleted`),
  ...sessions.filter(({ status }) => status === "exchanging").map(({ sessionId }) => `${sessionId} exchanges for ever`),
  ...connections
    .filter(({ disconnect }) => disconnect !== null)
    .map(({ connectionId }) => `${connectionId} is not disconnected`),
  ...outbox.map(({ eventId, type }) => `${type} ${eventId} was never published`),
];

/** A connection has one owner, and each owner a connection. */
const auditOwners = ({ snapshot: { owners, connections } }: Audited): string[] => [
  ...connections
    .filter(({ connectionId, customerId }) => owners.get(connectionId) !== customerId)
    .map(({ connectionId, customerId }) => `${customerId} has ${connectionId} of ${owners.get(connectionId)}`),
  ...[...owners]
    .filter(([connectionId]) => !connections.some((each) => each.connectionId === connectionId))
    .map(([connectionId, customerId]) => `${customerId} owns ${connectionId}, which is not there`),
];

/** A requested disconnect frees its place only when Finch has confirmed it. */
const counts = ({ heldReason, disconnect }: Connection): boolean =>
  disconnect === null ? heldReason === null : disconnect.reason === "requested";

const auditCustomers = ({ snapshot: { customers, connections } }: Audited): string[] =>
  customers.flatMap(({ customerId, mode, connectionCount }) => {
    const counted = connections.filter((each) => each.customerId === customerId).filter(counts).length;
    return [
      ...(counted === connectionCount
        ? []
        : [`${customerId} counts ${connectionCount} connections and has ${counted}`]),
      ...(mode === "single" && counted > 1 ? [`${customerId} is single and has ${counted} connections`] : []),
    ];
  });

/** A session that has ended says how, once, and names nothing that it did not bring. */
const auditSessions = ({ snapshot: { sessions }, events, world: { finch }, mayOverrun }: Audited): string[] =>
  sessions.flatMap(({ sessionId, status, failureReason, outcome, connectionId, tokenId, openings }) => {
    const told = events.filter(
      ({ type, subject }) => type === "ConnectSessionFailed" && (subject.id as string) === sessionId,
    );
    const named = connectionId !== null && tokenId !== null && outcome !== null;
    return [
      ...(status === "failed" && told.length === 0 ? [`${sessionId} failed without an event`] : []),
      ...(told.length > (mayOverrun ? 2 : 1) ? [`${sessionId} failed ${told.length} times`] : []),
      ...(status !== "failed" && told.length > 0 && !mayOverrun ? [`${sessionId} is ${status} and told to fail`] : []),
      ...((status === "completed") === named ? [] : [`${sessionId} is ${status} with connection ${connectionId}`]),
      ...((status === "failed") === (failureReason !== null) ? [] : [`${sessionId} is ${status} for ${failureReason}`]),
      ...(status === "open" || openings.length === 0 ? [] : [`${sessionId} is ${status} and can be opened`]),
      ...(status === "completed" && !finch.issued().some((grant) => grant.connectionId === connectionId)
        ? [`${sessionId} names a connection that Finch does not know`]
        : []),
    ];
  });

/** Events of one thing are told apart by its version, and none is ahead of it. */
const auditEvents = ({ snapshot: { sessions, connections }, events }: Audited): string[] => {
  const versions = new Map<string, number>([
    ...sessions.map(({ sessionId, version }) => [sessionId, version] as const),
    ...connections.map(({ connectionId, version }) => [connectionId, version] as const),
  ]);
  const seen = new Map<string, PerchEvent>();
  return events.flatMap((event) => {
    const { id, version } = event.subject;
    const isOver = events.some((end) => (end.subject.id as string) === id && isEnd(end));
    const key = `${event.type} of ${id} in version ${version}`;
    const before = seen.get(key);
    seen.set(key, event);
    return [
      // After its end a connection may begin anew.
      ...(before === undefined || isOver ? [] : [`there are two ${key}`]),
      ...(version > (versions.get(id) ?? version) && !isOver ? [`${key} is ahead of what is stored`] : []),
    ];
  });
};

const isEnd = ({ type, detail }: PerchEvent): boolean =>
  type === "ConnectionDisconnected" || ("status" in detail && detail.status === "discarded");

/** Finch ends only what somebody asked to end; what it ended leaves a tombstone and no ciphertext. */
const auditDisconnects = ({ snapshot, events, world: { finch } }: Audited): string[] => {
  const told = (id: string, status: string) =>
    events.some(({ subject, detail }) => subject.id === id && "status" in detail && detail.status === status);
  return [
    ...[...finch.ended()].filter((id) => !told(id, "disconnecting")).map((id) => `${id} was cut off unasked`),
    ...events
      .filter(({ type }) => type === "ConnectionDisconnected")
      // The owner of a later life takes the tombstone's place, and leaves none where the connection is discarded.
      .filter(({ subject: { id, version } }) =>
        events.every(({ subject }) => subject.id !== id || subject.version <= version),
      )
      .filter(({ subject }) => !snapshot.tombstones.has(subject.id as Connection["connectionId"]))
      .map(({ subject }) => `${subject.id} was disconnected without a tombstone`),
  ];
};

/** A customer that is gone has left nothing behind, and one that was made again has nothing of its former life. */
const auditErasure = ({ snapshot: { customers, sessions, connections, tokens } }: Audited): string[] => {
  const lives = new Map(customers.map(({ customerId, incarnation }) => [customerId, incarnation]));
  const held = [...connections, ...tokens];
  return [
    ...sessions
      .filter(({ customerId, incarnation }) => lives.get(customerId) !== incarnation)
      .map(({ sessionId }) => `${sessionId} is of no life of its customer`),
    ...held
      .filter(({ customerId }) => !lives.has(customerId))
      .map(({ connectionId, customerId }) => `${connectionId} is left of ${customerId}`),
    // Nobody connects anything in a later life.
    ...held
      .filter(({ customerId }) => lives.get(customerId) === laterLife)
      .map(({ connectionId, customerId }) => `${connectionId} of ${customerId} is of a former life`),
  ];
};

/** Nothing that is stored or told holds a token, and nothing of one customer's tells of another. */
const auditSilence = ({ snapshot, events, world: { finch } }: Audited): string[] => {
  const { customers, sessions, connections } = snapshot;
  const all = JSON.stringify([sessions, connections, events]);
  const texts = finch.issued().map(({ accessToken }) => accessToken.reveal());
  const mine = [...sessions, ...connections, ...events];
  return [
    ...texts.filter((text) => all.includes(text)).map((text) => `the token ${hashOf(text)} is stored in clear`),
    ...mine.flatMap((thing) =>
      customers
        .filter(({ customerId }) => customerId !== thing.customerId && JSON.stringify(thing).includes(customerId))
        .map(({ customerId }) => `something of ${thing.customerId} tells of ${customerId}`),
    ),
  ];
};
