/** What must be true of Perch, without saying how: which connections each customer has, with which tokens, and how sessions end. */
import type { HeldReason } from "#shared/connection/connection.ts";
import type { FinchToken, Gone } from "./finch.ts";

/** A token that Perch must have, with what it opened when Finch last spoke of it. */
export interface ModelToken {
  readonly text: string;
  readonly products: readonly string[];
  readonly entityIds: readonly string[];
}

/** A connection that Perch must have. */
export interface ModelConnection {
  readonly customerId: string;
  readonly held: HeldReason | null;
  /** Why it is to be ended at Finch; null while nobody asked for it. */
  readonly ending: "requested" | "discarded" | "connection_limit" | null;
  /** What Finch last said of it. */
  readonly status: string;
  /** Its tokens, the oldest first. */
  readonly tokens: readonly ModelToken[];
  /** By id: what Finch last said of each entity; null since a new sign-in. They are the union over the tokens. */
  readonly entities: Readonly<Record<string, string | null>>;
  /** Entities that are to be ended while the others go on, in the order in which somebody asked for it. */
  readonly endingEntities: readonly string[];
}

/** A Connect session that Perch must have. */
export interface ModelSession {
  readonly customerId: string;
  /** Which life of the customer it belongs to. */
  readonly life: number;
  readonly reauthenticates: string | null;
  readonly requireAcceptance: boolean;
  /** `open`, `exchanging`, `cancelled`, `completed connected`, `failed wrong_account` and the like. */
  readonly state: string;
}

/** What only the browser and Finch know of a session. */
export interface Browser {
  readonly mode: "redirect" | "embedded";
  readonly state: string;
  readonly code: string;
}

export interface ModelCustomer {
  readonly mode: "single" | "multiple";
  readonly life: number;
  /** Somebody has asked for it; nothing begins for this customer any more. */
  readonly isDeleting: boolean;
}

export interface Model {
  readonly customers: Map<string, ModelCustomer>;
  readonly connections: Map<string, ModelConnection>;
  readonly sessions: Map<string, ModelSession>;
  readonly browsers: Map<string, Browser>;
  /** Tokens that the platform has outside. */
  readonly outside: string[];
  /** Connections that Finch has ended because Perch asked for it, and Perch knows. */
  readonly tombstones: Set<string>;
  /** The last tokens of those. */
  readonly lastTokens: Map<string, readonly string[]>;
  /** By connection: how often its customer must have been asked to sign in again. */
  readonly prompts: Map<string, number>;
  /** Connections of which that is not known. */
  readonly unsure: Set<string>;
  /** Connections whose tokens were all given up: what is kept of them beside the table is left to the sweep of secrets. */
  readonly expired: Set<string>;
  /** Pairs of connections of which somebody has said that both are wanted. */
  readonly kept: Set<string>;
  /** Finch's webhooks that have had their effect: their doubles may be left alone. */
  readonly seen: Set<string>;
  /** By key: how often an entity's end must have been told. */
  readonly entityEnds: Map<string, number>;
  /** What a step that is only being predicted has ended at Finch; empty otherwise. */
  readonly goneAtFinch: Gone;
}

export const createModel = (): Model => ({
  customers: new Map(),
  connections: new Map(),
  sessions: new Map(),
  browsers: new Map(),
  outside: [],
  tombstones: new Set(),
  lastTokens: new Map(),
  prompts: new Map(),
  unsure: new Set(),
  expired: new Set(),
  kept: new Set(),
  seen: new Set(),
  entityEnds: new Map(),
  goneAtFinch: new Set(),
});

/** What a token that Finch issued must bring about: how its session ends, and its connection afterwards. */
export interface Claimed {
  readonly end: string;
  /** The connection as it must be; undefined where the token is dropped and nothing changes. */
  readonly connection: ModelConnection | undefined;
}

const counts = ({ held, ending }: ModelConnection) => (ending === null ? held === null : ending === "requested");

/** The platform may use it. */
export const isInUse = ({ held, ending }: ModelConnection): boolean => held === null && ending === null;

/** True for a customer who may have one connection only, and has it. */
export const isAtLimit = (model: Model, customerId: string): boolean =>
  model.customers.get(customerId)?.mode === "single" &&
  [...model.connections.values()].some((each) => each.customerId === customerId && counts(each));

/** Whether the connection has a token of this text. */
export const hasToken = ({ tokens }: ModelConnection, text: string): boolean =>
  tokens.some((token) => token.text === text);

const unknownEntities = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, null]));

/** The outcome after an exchange: the first row of the product's table that fits. */
export const claimOf = (
  model: Model,
  { customerId, life, reauthenticates, requireAcceptance }: ModelSession,
  { connectionId, text, names, products, entityIds, clientType }: FinchToken,
): Claimed => {
  const there = model.connections.get(connectionId);
  const dropped = (reason: string): Claimed => ({ end: `failed ${reason}`, connection: undefined });
  if (clientType !== "sandbox") return dropped("wrong_client_type");
  if (text.length > 4096) return dropped("token_too_large");
  if (there !== undefined && there.customerId !== customerId) return dropped("connection_conflict");
  if (model.customers.get(customerId)?.life !== life) return dropped("customer_mismatch");
  const named = names ?? customerId;
  const token = { text, products, entityIds };
  if (there !== undefined) {
    // Somebody has just signed in: it is as good as new until Finch is asked. A token that is there changes nothing.
    const more = hasToken(there, text)
      ? there
      : {
          ...there,
          status: "connected",
          tokens: [...there.tokens, token],
          entities: unknownEntities([...Object.keys(there.entities), ...entityIds]),
        };
    const end = (how: string, connection: ModelConnection = more): Claimed => ({ end: how, connection });
    if (there.ending !== null) return end("failed connection_disconnecting");
    if (reauthenticates !== null && reauthenticates !== connectionId) return end("failed wrong_account");
    if (there.held === null) return end(reauthenticates === null ? "completed known" : "completed reconnected");
    if (named !== customerId) return end("failed connection_conflict");
    if (requireAcceptance || there.held === "acceptance_required") return end("completed pending");
    if (isAtLimit(model, customerId)) return end("failed connection_limit");
    return end("completed connected", { ...more, held: null });
  }
  const made: ModelConnection = {
    customerId,
    held: null,
    ending: null,
    status: "connected",
    tokens: [token],
    entities: unknownEntities(entityIds),
    endingEntities: [],
  };
  if (named !== customerId) {
    return model.customers.get(named)?.isDeleting === false
      ? { end: "failed connection_conflict", connection: { ...made, customerId: named, held: "customer_mismatch" } }
      : dropped("customer_mismatch");
  }
  if (reauthenticates !== null) return { end: "failed wrong_account", connection: { ...made, held: "wrong_account" } };
  // It counts for nobody before it is accepted, so that it is not one too many yet.
  if (requireAcceptance) return { end: "completed pending", connection: { ...made, held: "acceptance_required" } };
  return isAtLimit(model, customerId)
    ? { end: "failed connection_limit", connection: { ...made, ending: "connection_limit" } }
    : { end: "completed connected", connection: made };
};
