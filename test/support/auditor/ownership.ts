import type { Audited } from "./audited.ts";

/** One owner per connection, no connection without tokens, and the count of each customer. */
export const auditOwnership = ({ memory, finch }: Audited): string[] => {
  const violations: string[] = [];
  const { owners, connections, customers, tombstones, tokens } = memory;
  const all = [...connections.values()];
  for (const connection of all) {
    const { customerId, connectionId, heldReason, disconnect } = connection;
    const name = `connection ${connectionId} of ${customerId}`;
    if (owners.get(connectionId) !== customerId) violations.push(`${name} is owned by ${owners.get(connectionId)}`);
    if (connection.tokens.length === 0) violations.push(`${name} has no token`);
    if (all.some((other) => other.connectionId === connectionId && other.customerId !== customerId)) {
      violations.push(`${name} is another customer's as well`);
    }
    const ids = connection.tokens.map(({ tokenId }) => tokenId);
    if (new Set(ids).size !== ids.length) violations.push(`${name} names a token twice`);
    for (const { tokenId } of connection.tokens) {
      const kept = [...tokens.values()].some((token) => token.record.tokenId === tokenId);
      if (!kept) violations.push(`${name} names token ${tokenId}, which is not stored`);
    }
    // Ended on request, it may come again with a token from before: the next introspection will tell.
    const wasEnded = memory.written.some(
      ({ type, subject }) => type === "ConnectionDisconnected" && subject.id === connectionId,
    );
    if (finch.disconnected().includes(connectionId) && disconnect === null && heldReason === null && !wasEnded) {
      violations.push(`${name} is in use, and was ended at Finch`);
    }
  }
  for (const [connectionId, customerId] of owners) {
    const isThere = all.some((each) => each.connectionId === connectionId && each.customerId === customerId);
    if (!isThere) violations.push(`${customerId} owns connection ${connectionId}, which is not there`);
    if (tombstones.has(connectionId)) violations.push(`connection ${connectionId} has an owner and a tombstone`);
  }
  for (const { customerId, connectionCount, mode } of customers.values()) {
    // One that the customer asked to end counts until Finch has confirmed it.
    const counting = all.filter(
      (each) =>
        each.customerId === customerId &&
        each.heldReason === null &&
        (each.disconnect === null || each.disconnect.reason === "requested"),
    ).length;
    if (counting !== connectionCount)
      violations.push(`${customerId} counts ${connectionCount} of ${counting} connections`);
    if (mode === "single" && counting > 1) violations.push(`${customerId} owns ${counting} connections in mode single`);
  }
  return violations;
};
