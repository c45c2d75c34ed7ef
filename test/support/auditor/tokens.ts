import { hashOf } from "#shared/connection/capability.ts";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import { firstVersion } from "#shared/connection/connection.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import type { IssuedToken } from "../issuing-finch.ts";
import type { Audited, Excuses } from "./audited.ts";

const longestTokenBytes = 4096;

/** Each stored token opens for its own customer and connection, is one that Finch issued for it, and is there once. */
export const auditStoredTokens = async ({ memory, vault, finch, clientType }: Audited): Promise<string[]> => {
  const violations: string[] = [];
  const seen = new Set<string>();
  for (const token of memory.tokens.values()) {
    const { customerId, connectionId, record } = token;
    const name = `token ${record.tokenId} of ${customerId}`;
    const connection = [...memory.connections.values()].find(
      (each) => each.customerId === customerId && each.connectionId === connectionId,
    );
    if (!connection?.tokens.some(({ tokenId }) => tokenId === record.tokenId)) {
      violations.push(`${name} is stored, and no connection names it`);
    }
    const text = await open(vault, token);
    if (text === undefined) {
      violations.push(`${name} does not open for its customer and connection`);
      continue;
    }
    const fingerprint = hashOf(text);
    if (seen.has(fingerprint)) violations.push(`${name} is stored twice`);
    seen.add(fingerprint);
    if (record.fingerprint !== fingerprint) violations.push(`${name} has another token's fingerprint`);
    const issued = finch.issued().find((each) => each.fingerprint === fingerprint);
    if (issued === undefined) {
      violations.push(`${name} is none that Finch issued`);
      continue;
    }
    const { grant, forCustomer } = issued;
    if (grant.connectionId !== connectionId) violations.push(`${name} is under another connection than Finch said`);
    if (grant.clientType !== clientType) violations.push(`${name} is of another environment`);
    if (customerId !== forCustomer && customerId !== grant.customerId) {
      violations.push(`${name} is under another customer than ${forCustomer}, who signed in`);
    }
    // Until its own customer brings the connection too, or its platform accepts it.
    const cameIntoUse = memory.written.some(
      ({ type, subject }) =>
        type === "ConnectionCreated" &&
        subject.id === connectionId &&
        connection !== undefined &&
        subject.version > firstVersion(connection.createdAt),
    );
    if (customerId !== forCustomer && connection?.heldReason !== "customer_mismatch" && !cameIntoUse) {
      violations.push(`${name} is in use by a customer who did not sign in`);
    }
  }
  return violations;
};

/** A secret is there for as long as an item names it. */
export const auditSecrets = ({ memory, secretNames }: Audited, { mayLeaveSecret }: Excuses): string[] => {
  const named = new Set(
    [...memory.tokens.values()].map(({ sealed }) => ("secretName" in sealed ? sealed.secretName : undefined)),
  );
  if (mayLeaveSecret) return [];
  return secretNames().flatMap((name) => (named.has(name) ? [] : [`the secret ${name} is kept, and no item names it`]));
};

const open = async (vault: Audited["vault"], token: SealedToken): Promise<string | undefined> => {
  try {
    return (await vault.open(token.sealed, token)).reveal();
  } catch {
    return undefined;
  }
};

/** Each token that Finch issued for a session is stored, or its session says why not. */
export const auditIssuedTokens = (world: Audited, excuses: Excuses): string[] =>
  world.finch.issued().flatMap((token) => {
    const complaint = isStored(world, token) ? undefined : complainAbout(world, token, excuses);
    return complaint === undefined ? [] : [`a token issued for ${token.forCustomer} is not stored: ${complaint}`];
  });

const isStored = ({ memory }: Audited, { fingerprint }: IssuedToken): boolean =>
  [...memory.tokens.values()].some(({ record }) => record.fingerprint === fingerprint);

/** Why it should be there; undefined where it rightly is not. */
const complainAbout = (world: Audited, token: IssuedToken, excuses: Excuses): string | undefined => {
  const { memory, finch } = world;
  // Whoever brought it still has it.
  if (token.sessionId === undefined) return undefined;
  if (finch.hasEnded(token) || isDiscarded(world, token) || isSuperseded(world, token)) return undefined;
  const session = memory.sessions.get(token.sessionId);
  if (session === undefined && isErased(world, token)) return undefined;
  if (session?.status !== "failed" || session.failureReason === null) return `its session is ${session?.status}`;
  const isTold = memory.written.some(
    ({ type, subject }) => type === "ConnectSessionFailed" && subject.id === token.sessionId,
  );
  if (!isTold) return "its session failed, and nobody was told";
  const { failureReason } = session;
  return isGoodReason(world, token, failureReason, excuses) ? undefined : `its session failed as ${failureReason}`;
};

/** Its session went with its customer, and had been told of as failed before. */
const isErased = ({ memory }: Audited, { forCustomer, sessionId }: IssuedToken): boolean =>
  [...memory.deletions.values()].some(({ customerId }) => customerId === forCustomer) &&
  memory.written.some(({ type, subject }) => type === "ConnectSessionFailed" && subject.id === sessionId);

const isDiscarded = ({ memory }: Audited, { grant }: IssuedToken): boolean =>
  memory.written.some(
    ({ subject, detail }) => subject.id === grant.connectionId && "status" in detail && detail.status === "discarded",
  );

const isSuperseded = ({ memory }: Audited, { grant }: IssuedToken): boolean =>
  [...memory.tokens.values()].some(
    ({ connectionId, record }) =>
      connectionId === grant.connectionId &&
      memory.connections.size > 0 &&
      grant.products.every((product) => record.products.includes(product)) &&
      grant.entityIds.every((entityId) => record.entityIds.includes(entityId)) &&
      wasIntrospected(memory, connectionId),
  );

const wasIntrospected = (memory: Audited["memory"], connectionId: string): boolean =>
  [...memory.connections.values()].some((each) => each.connectionId === connectionId && each.introspectedAt !== null);

const isGoodReason = (
  { memory, clientType }: Audited,
  { grant, forCustomer, sessionId }: IssuedToken,
  reason: SessionFailure,
  { mayLoseToken }: Excuses,
): boolean => {
  const owner = memory.owners.get(grant.connectionId);
  switch (reason) {
    case "wrong_client_type":
      return grant.clientType !== clientType;
    case "token_too_large":
      return Buffer.byteLength(grant.accessToken.reveal()) > longestTokenBytes;
    case "connection_conflict":
      return owner !== undefined && owner !== forCustomer;
    case "customer_mismatch": {
      const customer = memory.customers.get(forCustomer);
      const isGone = customer?.incarnation !== (sessionId && memory.sessions.get(sessionId)?.incarnation);
      return (
        isGone || (grant.customerId !== null && ![...memory.customers.keys()].some((id) => id === grant.customerId))
      );
    }
    case "token_lost":
      return mayLoseToken;
    default:
      return false;
  }
};
