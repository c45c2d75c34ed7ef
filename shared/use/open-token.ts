import type { AuditEntry, AuditStore } from "../connection/audit.ts";
import type { Connection, TokenRecord } from "../connection/connection.ts";
import type { AuditId, ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { SealedToken, Surroundings, TokenVault } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import { ok, type Result, refuse } from "../result.ts";
import type { Secret } from "../secret.ts";
import { chooseToken, type TokenRefusal, type TokenWish } from "./choose-token.ts";

/** A connection's newest tokens by one read, so that they come beside the connection instead of after it. */
export type FindNewestTokens = (customerId: CustomerId, connectionId: ConnectionId) => Promise<readonly SealedToken[]>;

export interface OpenTokenDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find" | "findToken">;
  readonly findNewestTokens: FindNewestTokens;
  readonly vault: Pick<TokenVault, "open">;
  readonly audit: Pick<AuditStore, "record">;
}

/** Who wants which token of a connection, and what for. */
export interface TokenUse extends Pick<AuditEntry, "action" | "caller" | "reason" | "request" | "requestId"> {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  /** What is wished of the connection as it is; a refusal of the caller's own ends the use. */
  readonly wish: (connection: Connection) => TokenWish;
}

export interface OpenedToken {
  readonly accessToken: Secret;
  readonly record: TokenRecord;
  readonly connection: Connection;
}

export type OpenTokenRefusal = { readonly reason: "connection_unknown" } | TokenRefusal;

const mostLooks = 3;

/**
 * Creates what every use of a token goes through: it chooses one, writes down who uses it, and opens it. Two round trips:
 * connection and tokens are read at once; the entry is written while the token is opened, and the token is given to nobody
 * before both are done.
 *
 * @throws what the vault throws, and what keeps the entry from being stored.
 */
export const openToken =
  (deps: OpenTokenDependencies) =>
  async (use: TokenUse): Promise<Result<OpenedToken, OpenTokenRefusal>> => {
    const { customerId, connectionId } = use;
    for (let look = 1; ; look += 1) {
      const [connection, newest] = await Promise.all([
        deps.connections.find(customerId, connectionId),
        deps.findNewestTokens(customerId, connectionId),
      ]);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      const wish = use.wish(connection);
      const choice = chooseToken(connection, wish);
      if ("refusal" in choice) return refuse(choice.refusal);
      const { token: record } = choice;
      const sealed =
        newest.find((token) => token.record.tokenId === record.tokenId) ??
        (await deps.connections.findToken(customerId, connectionId, record.tokenId));
      if (sealed !== undefined) {
        const opened = await openAndRecord(deps, use, wish, sealed);
        if ("accessToken" in opened) return ok({ ...opened, record, connection });
        // Superseded since it was read, and destroyed: the connection names another by now.
        const isThere = (await deps.connections.findToken(customerId, connectionId, record.tokenId)) !== undefined;
        if (isThere || look === mostLooks) throw opened.error;
      } else if (look === mostLooks) throw new Error("a connection's token is missing");
    }
  };

const openAndRecord = async (
  { vault, audit, now, newId }: OpenTokenDependencies,
  { wish: _, ...use }: TokenUse,
  { products, entityId }: TokenWish,
  { customerId, connectionId, record, sealed }: SealedToken,
): Promise<{ readonly accessToken: Secret } | { readonly error: unknown }> => {
  const entry = {
    ...use,
    sessionId: null,
    auditId: newId() as AuditId,
    at: now(),
    products,
    entityId: entityId ?? null,
    tokenId: record.tokenId,
  };
  const [recorded, opened] = await Promise.allSettled([
    audit.record(entry),
    vault.open(sealed, { customerId, connectionId }),
  ]);
  if (recorded.status === "rejected") throw recorded.reason;
  return opened.status === "rejected" ? { error: opened.reason } : { accessToken: opened.value };
};
