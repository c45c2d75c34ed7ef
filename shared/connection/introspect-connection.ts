import { ok, type Result, refuse } from "../result.ts";
import type { Secret } from "../secret.ts";
import { type Connection, connectionStatus, type TokenRecord } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import type { Finch, IntrospectAnswer, PlatformTrouble, Undecided } from "./finch-port.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";
import type { SealedToken, Surroundings, TokenVault } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";
import { supersededBy, withIntrospection } from "./with-introspection.ts";

export interface IntrospectConnectionDependencies extends Surroundings {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace">;
  readonly vault: Pick<TokenVault, "open" | "destroy">;
  readonly finch: Pick<Finch, "introspect">;
}

export type IntrospectRefusal =
  | { readonly reason: "connection_unknown" }
  /** Trouble of the platform's or of Finch's; the connection is as it was. */
  | { readonly reason: "finch"; readonly answer: PlatformTrouble | Undecided };

const mostLooks = 5;
const pauseMs = 50;

/**
 * Creates the use case: asks Finch about the connection's newest token, and stores what it says. If the token is healthy,
 * the older ones that it covers go, in the same write.
 */
export const introspectConnection =
  (deps: IntrospectConnectionDependencies) =>
  async (customerId: CustomerId, connectionId: ConnectionId): Promise<Result<Connection, IntrospectRefusal>> => {
    for (let look = 1; look <= mostLooks; look += 1) {
      const connection = await deps.connections.find(customerId, connectionId);
      const record = connection?.tokens.at(-1);
      if (connection === undefined || record === undefined) return refuse({ reason: "connection_unknown" });
      const token = await deps.connections.findToken(customerId, connectionId, record.tokenId);
      // Superseded between the two reads: the connection names another one by now.
      if (token === undefined) continue;
      const accessToken = await openIfThere(deps, token);
      if (accessToken === undefined) continue;
      const answer = await deps.finch.introspect(accessToken);
      if (answer.kind === "platform_trouble" || answer.kind === "undecided") return refuse({ reason: "finch", answer });
      const now = deps.now();
      const seen = connectionAfter(connection, record, answer, now);
      const superseded = answer.kind === "introspected" ? supersededBy(seen, record.tokenId) : [];
      const next = withoutTokens(seen, superseded);
      const falling = await Promise.all(
        superseded.map((tokenId) => deps.connections.findToken(customerId, connectionId, tokenId)),
      );
      if (await deps.connections.replace(next, eventsOf(deps, connection, next, now), superseded)) {
        for (const each of falling) if (each !== undefined) await deps.vault.destroy(each.sealed);
        return ok(next);
      }
      // It changed while Finch was asked: what was said is about a former state.
      await deps.sleep(pauseMs * look);
    }
    throw new Error("the connection changed each time that Finch was asked about it");
  };

/**
 * Opens a token; undefined if it was superseded since it was read, and destroyed.
 *
 * @throws what the vault throws, where the token is still there.
 */
const openIfThere = async (
  { vault, connections }: Pick<IntrospectConnectionDependencies, "vault" | "connections">,
  { customerId, connectionId, record, sealed }: SealedToken,
): Promise<Secret | undefined> => {
  try {
    return await vault.open(sealed, { customerId, connectionId });
  } catch (error) {
    if ((await connections.findToken(customerId, connectionId, record.tokenId)) === undefined) return undefined;
    throw error;
  }
};

const withoutTokens = (connection: Connection, gone: readonly TokenId[]): Connection => ({
  ...connection,
  tokens: connection.tokens.filter((record) => !gone.includes(record.tokenId)),
});

const connectionAfter = (
  connection: Connection,
  record: TokenRecord,
  answer: Exclude<IntrospectAnswer, PlatformTrouble | Undecided>,
  now: Date,
): Connection => {
  const seen = { ...connection, introspectedAt: now, updatedAt: now, version: connection.version + 1 };
  switch (answer.kind) {
    case "introspected":
      return withIntrospection(seen, record.tokenId, answer.introspection, now);
    case "account_setup_required":
      return { ...seen, finchStatus: "error_no_account_setup" };
    case "reauthenticate_user":
      return { ...seen, finchStatus: "reauth" };
    case "invalid_token": {
      const invalid = { ...record, invalidSince: record.invalidSince ?? now };
      const tokens = connection.tokens.map((each) => (each.tokenId === record.tokenId ? invalid : each));
      // Without a valid token only a new sign-in helps; the ciphertext stays.
      return { ...seen, finchStatus: "reauth", tokens };
    }
  }
};

const eventsOf = (
  { newId }: Pick<Surroundings, "newId">,
  before: Connection,
  after: Connection,
  now: Date,
): PerchEvent[] => {
  const status = connectionStatus(after);
  if (connectionStatus(before) === status) return [];
  const event = (type: "ConnectionUpdated" | "ReauthenticationRequired"): PerchEvent => ({
    eventId: newId(),
    time: now,
    type,
    customerId: after.customerId,
    subject: { kind: "connection", id: after.connectionId, version: after.version },
    detail: { provider_id: after.providerId, status },
  });
  return status === "reauth"
    ? [event("ConnectionUpdated"), event("ReauthenticationRequired")]
    : [event("ConnectionUpdated")];
};
