/**
 * Finch as far as its contract says, with people who sign in: connections with entities, tokens with products, statuses,
 * webhooks that wait for delivery. It is long because all of it works on one state.
 */
import { hashOf } from "#shared/connection/capability.ts";
import type { Finch, Introspection, PlatformTrouble, TokenGrant, Undecided } from "#shared/connection/finch-port.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { anIntrospection } from "../support/builders.ts";
import { ownClientId } from "../support/memory/finch.ts";

/** What differs between Finch's documents, or is not said: drawn once for each run. */
export interface FinchHabits {
  /** Another person's sign-in at a known employer makes a connection of its own (the newer text), or a token of the old one. */
  readonly perPerson: boolean;
  /** The customer that Finch names for a connection: of its first session, of the session itself, or none. */
  readonly names: "first" | "session" | "nobody";
  /** Signed out at the provider, introspection says so with 200, or with 401 `reauthenticate_user`. */
  readonly refusesSignedOut: boolean;
  /** Somebody who signs in to another employer's account on reauthentication gets that one's connection, or nothing. */
  readonly letsWrongAccountIn: boolean;
  /** Entities that were ended stay listed, as `disconnected`, or are not named any more. */
  readonly listsEnded: boolean;
  /** The end of a connection invalidates all tokens of this employer at this provider, of other connections too. */
  readonly endsWide: boolean;
}

/** An employer's account at a provider. Two of them may be one company's. */
interface Employer {
  readonly providerId: string;
  readonly companyId: string;
  readonly entityIds: readonly string[];
}

export const employers: readonly Employer[] = [
  { providerId: "gusto", companyId: "company-a", entityIds: ["west", "east", "north"] },
  { providerId: "gusto", companyId: "company-b", entityIds: ["only"] },
  { providerId: "bamboo_hr", companyId: "company-a", entityIds: ["west-hr"] },
];

export const products = ["company", "directory", "payment"] as const;

/** Who signs in where, and what is picked there. */
export interface SignIn {
  readonly employer: number;
  readonly person: number;
  /** What this person may see of what the session asks for. */
  readonly products: readonly string[];
  /** True: every entity; false: the first one. */
  readonly all: boolean;
  /** Mostly a token that Perch may have; or one of another kind of client, or one that is too long. */
  readonly kind: "usual" | "foreign" | "long";
}

export interface FinchConnection {
  readonly connectionId: ConnectionId;
  readonly employer: number;
  /** By person: what Finch says of the connection when asked with a token of theirs. */
  readonly status: Map<number, string>;
  /** By id: the entity's own status. Those that were ended are not in it. */
  readonly entities: Map<string, string>;
  customerId: string | null;
  endedBy: "nobody" | "perch" | "employer";
  endedAt: Date | undefined;
}

export interface FinchToken {
  readonly text: string;
  readonly connectionId: ConnectionId;
  readonly person: number;
  readonly clientType: string;
  products: readonly string[];
  readonly entityIds: readonly string[];
  /** Whom Finch names. */
  readonly names: string | null;
  invalidSince: Date | undefined;
}

export interface FinchWebhook {
  readonly eventId: string;
  readonly connectionId: ConnectionId;
  readonly status: string;
}

interface FinchSession {
  readonly customerId: string | null;
  readonly reauthenticates: ConnectionId | null;
  readonly redirectUri: string | null;
}

interface Code {
  readonly token: FinchToken;
  readonly redirectUri: string | null;
  readonly expiresAt: number;
  isUsed: boolean;
}

/** What all calls are answered with while Finch has trouble with the platform, or with itself. */
export type Trouble = PlatformTrouble | Undecided;

/** What is taken to be gone at Finch, though it is not yet: entities by their key, tokens by their text. */
export type Gone = ReadonlySet<string>;

/** A token as a story tells of it. */
export const shown = (text: string): string =>
  text.endsWith("-") ? `${text.slice(0, text.indexOf("--"))} (long)` : text;

/** Names one entity of one connection. */
export const entityKey = (connectionId: string, entityId: string): string => `${connectionId} ${entityId}`;

const codeLifeMs = 10 * 60_000;

/** A Finch where nobody has signed in yet. */
export const createFinch = (habits: FinchHabits, now: () => Date) => {
  const sessions = new Map<string, FinchSession>();
  const connections = new Map<ConnectionId, FinchConnection>();
  const tokens = new Map<string, FinchToken>();
  const codes = new Map<string, Code>();
  const webhooks: FinchWebhook[] = [];
  let names = 0;
  let trouble: Trouble | undefined;
  const nextName = (kind: string) => {
    names += 1;
    return `${kind}-${names}`;
  };

  const tell = (connectionId: ConnectionId, status: string) => {
    webhooks.push({ eventId: nextName("msg"), connectionId, status });
  };

  const isLive = ({ connectionId, invalidSince }: FinchToken) =>
    invalidSince === undefined && connections.get(connectionId)?.endedBy === "nobody";

  const findLive = (accessToken: { readonly reveal: () => string }): FinchToken | undefined => {
    const token = tokens.get(accessToken.reveal());
    return token !== undefined && isLive(token) ? token : undefined;
  };

  /** Where a sign-in leads: the session's connection, one that is there, or a new one. */
  const reach = (session: FinchSession, { employer, person }: SignIn): FinchConnection | undefined => {
    const asked = session.reauthenticates === null ? undefined : connections.get(session.reauthenticates);
    if (asked?.endedBy === "nobody" && asked.employer === employer) return asked;
    if (session.reauthenticates !== null && !habits.letsWrongAccountIn) return undefined;
    const known = [...connections.values()].find(
      (each) =>
        each.endedBy === "nobody" && each.employer === employer && (!habits.perPerson || each.status.has(person)),
    );
    if (known !== undefined) return known;
    const connectionId = nextName("connection") as ConnectionId;
    const made: FinchConnection = {
      connectionId,
      employer,
      status: new Map(),
      entities: new Map(),
      customerId: habits.names === "nobody" ? null : session.customerId,
      endedBy: "nobody",
      endedAt: undefined,
    };
    connections.set(connectionId, made);
    return made;
  };

  const issue = (session: FinchSession, signIn: SignIn): FinchToken | undefined => {
    const connection = reach(session, signIn);
    if (connection === undefined) return undefined;
    const { entityIds } = employers[signIn.employer] ?? { entityIds: [] };
    const isAgain = session.reauthenticates === connection.connectionId;
    const picked = signIn.all ? entityIds : entityIds.slice(0, 1);
    // Signing in again may add entities, and never leaves one out.
    const ids = isAgain ? entityIds.filter((id) => picked.includes(id) || connection.entities.has(id)) : picked;
    for (const id of ids) connection.entities.set(id, "connected");
    connection.status.set(signIn.person, "connected");
    const token: FinchToken = {
      text: `${nextName("not-a-real-token")}${signIn.kind === "long" ? "-".repeat(4096) : ""}`,
      clientType: signIn.kind === "foreign" ? "production" : "sandbox",
      connectionId: connection.connectionId,
      person: signIn.person,
      products: signIn.products,
      entityIds: ids,
      names: habits.names === "session" ? (session.customerId ?? connection.customerId) : connection.customerId,
      invalidSince: undefined,
    };
    tokens.set(token.text, token);
    tell(connection.connectionId, "connected");
    return token;
  };

  const toGrant = (token: FinchToken): TokenGrant => {
    const { employer } = connections.get(token.connectionId) ?? { employer: 0 };
    return {
      accessToken: secret(token.text),
      connectionId: token.connectionId,
      entityIds: token.entityIds,
      clientType: token.clientType,
      connectionType: "provider",
      products: token.products,
      providerId: employers[employer]?.providerId ?? "",
      customerId: token.names,
      companyId: employers[employer]?.companyId ?? null,
    };
  };

  /** Where all that a token opened was ended, something is listed all the same: an empty list says nothing. */
  const listEntities = ({ connectionId, entityIds }: FinchToken, gone: Gone) => {
    const statusOf = (id: string) =>
      gone.has(entityKey(connectionId, id)) ? undefined : connections.get(connectionId)?.entities.get(id);
    const isNoneLeft = entityIds.every((id) => statusOf(id) === undefined);
    return entityIds.flatMap((id) => {
      const status = statusOf(id) ?? (habits.listsEnded || isNoneLeft ? "disconnected" : undefined);
      return status === undefined ? [] : [{ id, name: `Entity ${id}`, sourceId: `source-${id}`, status }];
    });
  };

  /** What Finch says of a token that is good. */
  const describe = (token: FinchToken, gone: Gone = new Set()): Introspection => {
    const grant = toGrant(token);
    const connection = connections.get(token.connectionId);
    return anIntrospection({
      clientId: ownClientId,
      connectionId: token.connectionId,
      clientType: grant.clientType,
      providerId: grant.providerId,
      companyId: grant.companyId,
      customerId: grant.customerId,
      status: connection?.status.get(token.person) ?? "connected",
      products: token.products,
      lastSuccessfulSync: null,
      authenticationMethods: [],
      username: `person-${token.person}`,
      entities: listEntities(token, gone),
    });
  };

  const startSession = async (session: FinchSession) => {
    if (trouble !== undefined) return trouble;
    const finchSessionId = nextName("finch-session");
    sessions.set(finchSessionId, session);
    return {
      kind: "created",
      connectUrl: `https://connect.finch.example/authorize?session=${finchSessionId}`,
      finchSessionId,
    } as const;
  };

  /** Tokens of other connections that fall with this one. */
  const siblingTokens = (connectionId: ConnectionId): string[] => {
    const employer = connections.get(connectionId)?.employer;
    return [...tokens.values()]
      .filter((token) => habits.endsWide && token.connectionId !== connectionId)
      .filter((token) => connections.get(token.connectionId)?.employer === employer && isLive(token))
      .map(({ text }) => text);
  };

  /** Ends a connection with all its tokens. */
  const end = (connection: FinchConnection, endedBy: "perch" | "employer") => {
    for (const text of siblingTokens(connection.connectionId)) {
      const token = tokens.get(text);
      if (token !== undefined) token.invalidSince ??= now();
    }
    connection.endedBy = endedBy;
    connection.endedAt = now();
    tell(connection.connectionId, "disconnected");
  };

  const port: Finch = {
    clientId: async () => ownClientId,
    createSession: ({ customerId, redirectUri }) => startSession({ customerId, reauthenticates: null, redirectUri }),
    createReauthentication: ({ connectionId, redirectUri }) =>
      startSession({ customerId: null, reauthenticates: connectionId, redirectUri }),

    async exchangeCode(code, redirectUri) {
      if (trouble !== undefined) return trouble;
      const known = codes.get(code.reveal());
      if (known === undefined || known.isUsed || known.expiresAt < now().getTime()) return { kind: "invalid_grant" };
      if (known.redirectUri !== redirectUri || !isLive(known.token)) return { kind: "invalid_grant" };
      known.isUsed = true;
      return { kind: "granted", grant: toGrant(known.token) };
    },

    async introspect(accessToken) {
      if (trouble !== undefined) return trouble;
      const token = findLive(accessToken);
      if (token === undefined) return { kind: "invalid_token" };
      const introspection = describe(token);
      return introspection.status === "reauth" && habits.refusesSignedOut
        ? { kind: "reauthenticate_user" }
        : { kind: "introspected", introspection };
    },

    async disconnect(accessToken) {
      if (trouble !== undefined) return trouble;
      const token = findLive(accessToken);
      const connection = token && connections.get(token.connectionId);
      if (connection === undefined) return { kind: "invalid_token" };
      end(connection, "perch");
      return { kind: "disconnected" };
    },

    async disconnectEntities(accessToken, entityIds) {
      if (trouble !== undefined) return trouble;
      const token = findLive(accessToken);
      const connection = token && connections.get(token.connectionId);
      if (connection === undefined) return { kind: "invalid_token" };
      const areKnown = entityIds.every((id) => connection.entities.has(id));
      // The last one is refused, too.
      if (!areKnown || connection.entities.size <= entityIds.length) return { kind: "unknown_entity" };
      for (const id of entityIds) {
        connection.entities.delete(id);
        tell(connection.connectionId, "disconnected");
      }
      return { kind: "disconnected" };
    },
  };

  return {
    port,
    connections,
    tokens,
    webhooks,
    isLive,
    siblingTokens,
    /** What Finch says when it is asked with a token: nothing of one that is not live. */
    sayOf: (text: string, gone: Gone) => {
      const token = tokens.get(text);
      if (token === undefined || !isLive(token) || gone.has(text)) return { said: undefined, isSignedOut: false };
      const said = describe(token, gone);
      const isSignedOut = said.status === "reauth" && habits.refusesSignedOut;
      return { said: isSignedOut ? undefined : said, isSignedOut };
    },
    /** Since when a token opens nothing. */
    invalidSince: (fingerprint: string): Date | undefined => {
      const token = [...tokens.values()].find(({ text }) => hashOf(text) === fingerprint);
      const endedAt = token && connections.get(token.connectionId)?.endedAt;
      const times = [token?.invalidSince, endedAt].filter((time) => time !== undefined);
      return times.toSorted((a, b) => a.getTime() - b.getTime())[0];
    },
    /** Whether Finch answers an introspection of it with anything but a refusal. */
    isUsable: (token: FinchToken, gone: Gone) =>
      isLive(token) && !gone.has(token.text) && !(describe(token).status === "reauth" && habits.refusesSignedOut),
    describe,
    end,
    tell,
    /** What a code is good for now; undefined when Finch would refuse it. */
    findGrant: (code: string): FinchToken | undefined => {
      const known = codes.get(code);
      const isGood = known !== undefined && !known.isUsed && known.expiresAt >= now().getTime() && isLive(known.token);
      return isGood ? known.token : undefined;
    },
    wasUsed: (code: string) => codes.get(code)?.isUsed ?? false,
    /** Somebody goes through Connect: the code that the browser brings back, or none. */
    signIn: (finchSessionId: string, signIn: SignIn): string | undefined => {
      const session = sessions.get(finchSessionId);
      const token = session && issue(session, signIn);
      if (session === undefined || token === undefined) return undefined;
      const code = nextName("code");
      codes.set(code, {
        token,
        redirectUri: session.redirectUri,
        expiresAt: now().getTime() + codeLifeMs,
        isUsed: false,
      });
      return code;
    },
    /** A token that the platform has without Perch. */
    issueOutside: (customerId: string | null, signIn: SignIn) =>
      issue({ customerId, reauthenticates: null, redirectUri: null }, signIn),
    setTrouble: (next: Trouble | undefined) => {
      trouble = next;
    },
    trouble: () => trouble,
  };
};
