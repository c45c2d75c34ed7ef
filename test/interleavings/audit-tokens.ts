import { hashOf } from "#shared/connection/capability.ts";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import { keyOf } from "../support/memory/state.ts";
import type { Audited } from "./audited.ts";

/** Tokens are stored once, sealed for their own customer and connection, and none is lost in silence. */
export const auditTokens = async (audited: Audited): Promise<string[]> => [
  ...auditRecords(audited),
  ...(await auditSealing(audited)),
  ...audited.world.finch.issued().flatMap((grant) => auditGrant(audited, grant)),
];

/** A connection names the tokens that are stored, at least one, and its entities are the union over them. */
const auditRecords = ({ snapshot: { connections, tokens } }: Audited): string[] => {
  const named = connections.flatMap(({ customerId, connectionId, tokens }) =>
    tokens.map(({ tokenId }) => keyOf(customerId, connectionId, tokenId)),
  );
  const stored = tokens.map(({ customerId, connectionId, record }) => keyOf(customerId, connectionId, record.tokenId));
  const prints = tokens.map(({ record }) => record.fingerprint);
  return [
    ...named.filter((key) => !stored.includes(key)).map((key) => `the token ${key} is named and not stored`),
    ...stored.filter((key) => !named.includes(key)).map((key) => `the token ${key} is stored and not named`),
    ...(new Set(prints).size === prints.length ? [] : ["a token is stored twice"]),
    ...connections.flatMap((connection) => {
      const union = new Set(connection.tokens.flatMap(({ entityIds }) => entityIds));
      const ids = connection.entities.map(({ id }) => id);
      return [
        ...(connection.tokens.length > 0 ? [] : [`${connection.connectionId} has no token`]),
        ...(ids.length === union.size && ids.every((id) => union.has(id))
          ? []
          : [`${connection.connectionId} has the entities ${ids}, its tokens ${[...union]}`]),
      ];
    }),
  ];
};

const auditSealing = async ({ snapshot: { tokens, customers }, world: { vault } }: Audited): Promise<string[]> => {
  const found = await Promise.all(
    tokens.map(async ({ customerId, connectionId, record, sealed }) => {
      const open = async (as: typeof customerId) => {
        try {
          return hashOf((await vault.open(sealed, { customerId: as, connectionId })).reveal());
        } catch {
          return undefined;
        }
      };
      const others = customers.filter((other) => other.customerId !== customerId);
      const byOthers = await Promise.all(others.map((other) => open(other.customerId)));
      return [
        ...((await open(customerId)) === record.fingerprint ? [] : [`the token ${record.tokenId} does not open`]),
        ...(byOthers.every((opened) => opened === undefined) ? [] : [`the token ${record.tokenId} opens for another`]),
      ];
    }),
  );
  return found.flat();
};

/** Failures for which a token that was issued is dropped, and says so. */
const drops: readonly (SessionFailure | null)[] = ["connection_conflict", "customer_mismatch"];

/** A token that Finch issued is stored, or there is a reason on record why it is not. */
const auditGrant = (audited: Audited, grant: TokenGrant): string[] => {
  const { snapshot, events, mayOverrun } = audited;
  const { connectionId } = grant;
  const fingerprint = hashOf(grant.accessToken.reveal());
  if (snapshot.tokens.some(({ record }) => record.fingerprint === fingerprint)) return [];
  const connection = snapshot.connections.find((each) => each.connectionId === connectionId);
  if (connection !== undefined && covers(connection, grant)) return [];
  const wasGivenUp = events.some(
    ({ subject, detail }) =>
      subject.id === connectionId && "status" in detail && ["discarded", "disconnected"].includes(detail.status),
  );
  if (wasGivenUp) return [];
  const isTold = snapshot.sessions.some(
    ({ status, failureReason }) =>
      // Not ended yet: whoever holds the token may still store it, or the sweep will tell of it.
      status === "exchanging" ||
      (status === "failed" && (drops.includes(failureReason) || (mayOverrun && failureReason === "token_lost"))),
  );
  // Erased with its customer, the session is told of by its event alone.
  const isErased = events.some(({ type }) => type === "CustomerDeleted");
  const isToldOf = events.some(
    ({ type, detail }) =>
      type === "ConnectSessionFailed" &&
      "reason" in detail &&
      (drops.some((each) => each === detail.reason) || (mayOverrun && detail.reason === "token_lost")),
  );
  return isTold || (isErased && isToldOf) ? [] : [`a token of ${connectionId} is lost in silence`];
};

/** Some token opens all that this one does: it may have superseded it. */
const covers = ({ tokens }: Connection, { products, entityIds }: TokenGrant): boolean =>
  tokens.some(
    (token) =>
      products.every((each) => token.products.includes(each)) &&
      entityIds.every((each) => token.entityIds.includes(each)),
  );
