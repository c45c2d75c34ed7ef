import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Audited } from "./audited.ts";

const visibleAfterMs = 15 * 60_000;

/** The states of sessions fit together, and none is exchanging for longer than a loss may stay unseen. */
export const auditSessions = (world: Audited): string[] =>
  [...world.memory.sessions.values()].flatMap((session) =>
    [...complaints(world, session)].map(
      (complaint) => `session ${session.sessionId} is ${session.status}: ${complaint}`,
    ),
  );

function* complaints({ memory, finch, now }: Audited, session: ConnectSession): Generator<string> {
  const { status, exchange, outcome, failureReason, connectionId, tokenId, endedAt, openings } = session;
  const hasEnded = status !== "open" && status !== "exchanging";
  if (hasEnded !== (endedAt !== null)) yield "it has an end, or none, against its status";
  if (status !== "open" && openings.length > 0) yield "openings of it are still valid";
  if ((status === "open" || status === "cancelled") !== (exchange === null))
    yield "it has an exchange, or none, against it";
  if ((status === "completed") !== (outcome !== null)) yield "it has an outcome, or none, against its status";
  if ((status === "failed") !== (failureReason !== null)) yield "it has a reason, or none, against its status";
  if ((status === "completed") !== (connectionId !== null && tokenId !== null)) {
    yield "it names a connection and a token, or none, against its status";
  }
  if (status === "exchanging" && exchange !== null) {
    const begunMs = exchange.leaseUntil.getTime() - 7 * 60_000;
    if (now().getTime() - begunMs > visibleAfterMs) yield "nobody has told of it for a quarter of an hour";
  }
  const issued = finch.issued().find((token) => token.sessionId === session.sessionId);
  const stored = [...memory.tokens.values()].find(({ record }) => record.fingerprint === issued?.fingerprint);
  if (status === "completed") {
    if (issued === undefined) yield "Finch has issued nothing for it";
    if (stored !== undefined && stored.record.tokenId !== tokenId) yield "it names another token than it brought";
    if (stored !== undefined && stored.customerId !== session.customerId)
      yield "it completed with another's connection";
    const connection = [...memory.connections.values()].find((each) => each.connectionId === connectionId);
    const isPending = connection?.heldReason !== null || wasAccepted(memory, connectionId);
    // Discarded or disconnected since: there is nothing left to compare.
    if (connection !== undefined && outcome === "pending" && !isPending) yield "nothing is pending";
    if (connection !== undefined && outcome !== "pending" && connection.heldReason !== null)
      yield "its connection is held";
  }
  if (status === "failed" && stored !== undefined) {
    const keepsToken = ["connection_conflict", "connection_limit", "wrong_account", "connection_disconnecting"];
    if (!keepsToken.includes(failureReason ?? "")) yield `it failed as ${failureReason}, and its token is stored`;
  }
}

const wasAccepted = (memory: Audited["memory"], connectionId: string | null): boolean =>
  memory.written.some(({ type, subject }) => type === "ConnectionCreated" && subject.id === connectionId);
