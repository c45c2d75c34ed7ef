import { hashOf } from "#shared/connection/capability.ts";
import type { Finch, TokenGrant } from "#shared/connection/finch-port.ts";
import type { ConnectionId, CustomerId, SessionId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { aGrant, anIntrospection } from "./builders.ts";
import { ownClientId } from "./memory/finch.ts";

/** What Finch gives out, and for whom: a code's token, or one that the platform has had before. */
export interface Issue {
  readonly grant: TokenGrant;
  /** Whose sign-in it was. */
  readonly forCustomer: CustomerId;
  /** The session that its code was made for; undefined for a token that somebody brings. */
  readonly sessionId: SessionId | undefined;
}

/** A token that Finch has issued. */
export interface IssuedToken extends Issue {
  readonly fingerprint: string;
}

/** A request to end a connection, or (not null) some of its entities. */
export interface AskedToEnd {
  readonly fingerprint: string;
  /** The connection of the token; undefined for one that is not valid. */
  readonly connectionId: ConnectionId | undefined;
  readonly entityIds: readonly string[] | null;
}

/** A Finch that issues each code's token once, and knows which it has issued. */
export interface IssuingFinch extends Finch {
  /** From now on this code can be exchanged, once. */
  readonly willIssue: (code: string, issue: Issue) => void;
  /** A token that is somebody's already. */
  readonly hasIssued: (issue: Issue) => void;
  readonly issued: () => readonly IssuedToken[];
  /** The connections that were ended, and did not come again. */
  readonly disconnected: () => readonly ConnectionId[];
  /** Every request to end something, with whose token it came. */
  readonly askedToEnd: () => readonly AskedToEnd[];
  /** Whether this entity of a connection was ended. */
  readonly hasEndedEntity: (connectionId: ConnectionId, entityId: string) => boolean;
  /** The provider has signed the connection out. */
  readonly signOut: (connectionId: ConnectionId) => void;
  /** Whether the token ended with its connection. */
  readonly hasEnded: (token: IssuedToken) => boolean;
}

/** A Finch that has issued nothing yet. */
export const createIssuingFinch = (): IssuingFinch => {
  const codes = new Map<string, Issue>();
  const issued: IssuedToken[] = [];
  const disconnected = new Set<ConnectionId>();
  const dead = new Set<string>();
  const endedEntities = new Set<string>();
  const asked: AskedToEnd[] = [];
  const signedOut = new Set<ConnectionId>();
  const issue = (each: Issue) => {
    const token = { ...each, fingerprint: hashOf(each.grant.accessToken.reveal()) };
    issued.push(token);
    disconnected.delete(token.grant.connectionId);
    return token.grant;
  };
  const find = (text: string) => {
    const token = issued.find(({ fingerprint }) => fingerprint === hashOf(text));
    return token === undefined || dead.has(token.fingerprint) ? undefined : token.grant;
  };
  /** The entities of a connection's tokens that were not ended. */
  const liveEntities = (connectionId: ConnectionId) =>
    new Set(
      issued
        .filter(({ grant, fingerprint }) => grant.connectionId === connectionId && !dead.has(fingerprint))
        .flatMap(({ grant }) => grant.entityIds)
        .filter((id) => !endedEntities.has(`${connectionId} ${id}`)),
    );
  const neverAsked = () => Promise.reject(new Error("nobody asks this Finch for a session"));
  return {
    willIssue: (code, each) => void codes.set(code, each),
    hasIssued: (each) => void issue(each),
    issued: () => issued,
    disconnected: () => [...disconnected],
    askedToEnd: () => asked,
    hasEndedEntity: (connectionId, entityId) => endedEntities.has(`${connectionId} ${entityId}`),
    signOut: (connectionId) => void signedOut.add(connectionId),
    hasEnded: ({ fingerprint }) => dead.has(fingerprint),
    clientId: async () => ownClientId,
    createSession: neverAsked,
    createReauthentication: neverAsked,

    async exchangeCode(code) {
      const each = codes.get(code.reveal());
      codes.delete(code.reveal());
      return each === undefined ? { kind: "invalid_grant" } : { kind: "granted", grant: issue(each) };
    },

    async introspect(accessToken) {
      const grant = find(accessToken.reveal());
      if (grant === undefined) return { kind: "invalid_token" };
      if (signedOut.has(grant.connectionId)) return { kind: "reauthenticate_user" };
      const { connectionId, clientType, products, providerId, customerId, companyId, entityIds } = grant;
      const entities = entityIds.map((id) => {
        const status = endedEntities.has(`${connectionId} ${id}`) ? "disconnected" : "connected";
        return { id, name: null, sourceId: null, status };
      });
      const said = { connectionId, clientType, products, providerId, customerId, companyId, entities };
      return { kind: "introspected", introspection: anIntrospection(said) };
    },

    async disconnectEntities(accessToken, entityIds) {
      const grant = find(accessToken.reveal());
      asked.push({ fingerprint: hashOf(accessToken.reveal()), connectionId: grant?.connectionId, entityIds });
      if (grant === undefined) return { kind: "invalid_token" };
      const live = liveEntities(grant.connectionId);
      // The last one is refused as one that is not there.
      if (!entityIds.every((id) => live.has(id)) || live.size === entityIds.length) return { kind: "unknown_entity" };
      for (const id of entityIds) endedEntities.add(`${grant.connectionId} ${id}`);
      return { kind: "disconnected" };
    },

    async disconnect(accessToken) {
      const grant = find(accessToken.reveal());
      asked.push({ fingerprint: hashOf(accessToken.reveal()), connectionId: grant?.connectionId, entityIds: null });
      if (grant === undefined) return { kind: "invalid_token" };
      disconnected.add(grant.connectionId);
      for (const each of issued) if (each.grant.connectionId === grant.connectionId) dead.add(each.fingerprint);
      return { kind: "disconnected" };
    },
  };
};

/** What Finch grants, with a token that says whose sign-in it was. */
export const aGrantFor = (name: string, changes: Partial<TokenGrant> = {}): TokenGrant =>
  aGrant({ accessToken: secret(`not-a-real-token-of-${name}`), ...changes });
