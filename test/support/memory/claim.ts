import { endSession } from "#shared/connection/connect-session.ts";
import { isFirstVersion } from "#shared/connection/connection.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import { ok, type Result, refuse } from "#shared/result.ts";
import { copy, count, hasAny, isAt, keyOf, type MemoryState, putTraces } from "./state.ts";

/** Carries out the whole claim, or refuses it and changes nothing. */
export const claimInMemory = (state: MemoryState, claim: Claim): Result<void, ClaimRefusal> => {
  const refusal = findRefusal(state, claim);
  if (refusal !== undefined) return refuse(refusal);

  const { connection, token, takesIntoUse, ending, events, now } = claim;
  const { customerId, connectionId } = connection;
  state.tokens.set(keyOf(token.customerId, token.connectionId, token.record.tokenId), copy(token));
  state.owners.set(connectionId, customerId);
  state.ownedTokens.set(
    connectionId,
    claim.connection.tokens.slice(-5).map(({ tokenId }) => tokenId),
  );
  state.tombstones.delete(connectionId);
  state.connections.set(keyOf(customerId, connectionId), copy(connection));
  if (takesIntoUse) count(state, customerId, 1);
  const session = ending && state.sessions.get(ending.session.sessionId);
  if (ending !== undefined && session !== undefined) {
    const brought = { connectionId, tokenId: token.record.tokenId };
    state.sessions.set(session.sessionId, copy(endSession(session, ending.end, brought, now)));
  }
  putTraces(state, events);
  return ok(undefined);
};

/** The first thing that stands in the way, in the order in which a caller is to learn of them. */
const findRefusal = (state: MemoryState, claim: Claim): ClaimRefusal | undefined => {
  const { connection, token, incarnation, takesIntoUse, ending, events } = claim;
  const { customerId, connectionId, version } = connection;
  if (state.tokens.has(keyOf(token.customerId, token.connectionId, token.record.tokenId))) {
    return { reason: "token_stored" };
  }
  const owner = state.owners.get(connectionId);
  if (owner !== undefined && owner !== customerId) return { reason: "owned_elsewhere", owner };
  const stored = state.connections.get(keyOf(customerId, connectionId));
  const isNew = isFirstVersion(connection);
  const hasChanged = isNew ? stored !== undefined : !isAt(state, connection, version - 1);
  if (hasChanged || isNew === (owner !== undefined)) {
    return { reason: "connection_changed", connection: hasChanged ? copy(stored) : undefined };
  }

  const customer = state.customers.get(customerId);
  if (customer === undefined || customer.incarnation !== (incarnation ?? customer.incarnation)) {
    return { reason: "customer_unknown", customerId };
  }
  if (customer.deletion !== null && (incarnation === undefined || ending === undefined)) {
    return { reason: "customer_deleting", customerId };
  }
  if (takesIntoUse && customer.mode === "single" && customer.connectionCount > 0) {
    return { reason: "connection_limit" };
  }
  const session = ending && state.sessions.get(ending.session.sessionId);
  const mayEnd = session?.status === "exchanging" || session?.status === "failed";
  if (ending !== undefined && (!mayEnd || session.version !== ending.session.version)) {
    return { reason: "session_changed", session: copy(session) };
  }
  return hasAny(state, events) ? { reason: "contention" } : undefined;
};
