import { ok, type Result, refuse } from "../result.ts";
import type { Connection, TokenRecord } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type {
  ConnectionStore,
  Finch,
  IntrospectAnswer,
  Introspection,
  PlatformTrouble,
  Surroundings,
  TokenVault,
  Undecided,
} from "./ports.ts";

export interface IntrospectConnectionDependencies extends Surroundings {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace">;
  readonly vault: Pick<TokenVault, "open">;
  readonly finch: Pick<Finch, "introspect">;
}

export type IntrospectRefusal =
  | { readonly reason: "connection_unknown" }
  /** Trouble of the platform's or of Finch's; the connection is as it was. */
  | { readonly reason: "finch"; readonly answer: PlatformTrouble | Undecided };

/** Creates the use case: asks Finch about the connection's newest token, and stores what it says. */
export const introspectConnection =
  (deps: IntrospectConnectionDependencies) =>
  async (customerId: CustomerId, connectionId: ConnectionId): Promise<Result<Connection, IntrospectRefusal>> => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      const record = connection?.tokens.at(-1);
      if (connection === undefined || record === undefined) return refuse({ reason: "connection_unknown" });
      const token = await deps.connections.findToken(customerId, connectionId, record.tokenId);
      // Superseded between the two reads: the connection names another one by now.
      if (token === undefined) continue;
      const answer = await deps.finch.introspect(await deps.vault.open(token.ciphertext, { customerId, connectionId }));
      if (answer.kind === "platform_trouble" || answer.kind === "undecided") return refuse({ reason: "finch", answer });
      const now = deps.now();
      const next = connectionAfter(connection, record, answer, now);
      if (await deps.connections.replace(next, eventsOf(deps, connection, next, now))) return ok(next);
      // It changed while Finch was asked: what was said is about a former state.
    }
  };

const connectionAfter = (
  connection: Connection,
  record: TokenRecord,
  answer: Exclude<IntrospectAnswer, PlatformTrouble | Undecided>,
  now: Date,
): Connection => {
  const seen = { ...connection, introspectedAt: now, updatedAt: now, version: connection.version + 1 };
  const statusNow = (status: string) => (connection.heldReason === null ? status : connection.status);
  switch (answer.kind) {
    case "introspected":
      return withIntrospection(
        { ...seen, status: statusNow(answer.introspection.status) },
        record,
        answer.introspection,
      );
    case "reauthenticate_user":
      return { ...seen, status: statusNow("reauth") };
    case "invalid_token": {
      const invalid = { ...record, invalidSince: record.invalidSince ?? now };
      const tokens = connection.tokens.map((each) => (each.tokenId === record.tokenId ? invalid : each));
      // Without a valid token only a new sign-in helps; the ciphertext stays.
      return { ...seen, status: statusNow("reauth"), tokens };
    }
  }
};

const withIntrospection = (connection: Connection, record: TokenRecord, said: Introspection): Connection => {
  const saidIds = said.entities.map((entity) => entity.id);
  const told = new Set(saidIds);
  const valid = {
    ...record,
    products: said.products,
    entityIds: told.size > 0 ? saidIds : record.entityIds,
    invalidSince: null,
  };
  const tokens = connection.tokens.map((each) => (each.tokenId === record.tokenId ? valid : each));
  // Entities that only an older token opens stay: the connection's are the union over its tokens.
  const others = new Set(tokens.flatMap((token) => token.entityIds));
  const kept = connection.entities.filter((entity) => !told.has(entity.id) && others.has(entity.id));
  return {
    ...connection,
    providerId: said.providerId,
    connectionType: said.connectionType,
    companyId: said.companyId ?? connection.companyId,
    entities: [...said.entities, ...kept],
    authenticationMethods: said.authenticationMethods,
    username: said.username,
    lastSuccessfulSync: said.lastSuccessfulSync,
    tokens,
  };
};

const eventsOf = (
  { newId }: Pick<Surroundings, "newId">,
  before: Connection,
  after: Connection,
  now: Date,
): PerchEvent[] => {
  if (before.status === after.status) return [];
  const event = (type: "ConnectionUpdated" | "ReauthenticationRequired"): PerchEvent => ({
    eventId: newId(),
    time: now,
    type,
    customerId: after.customerId,
    subject: { kind: "connection", id: after.connectionId, version: after.version },
    detail: { provider_id: after.providerId, status: after.status },
  });
  return after.status === "reauth"
    ? [event("ConnectionUpdated"), event("ReauthenticationRequired")]
    : [event("ConnectionUpdated")];
};
