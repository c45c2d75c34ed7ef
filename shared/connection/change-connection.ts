import { ok, type Result, refuse } from "../result.ts";
import { type Act, type Actor, type AuditAction, entriesOf } from "./audit.ts";
import { type Connection, connectionStatus } from "./connection.ts";
import { type EmployerMarks, forgetMarks } from "./employer-marks.ts";
import type { ConnectionEventDetail, ConnectionEventType, PerchEvent } from "./events.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { NudgeDisconnects } from "./nudge-disconnects.ts";
import type { Sealed, Surroundings, TokenVault } from "./ports.ts";
import { shedTokens } from "./shed-tokens.ts";
import { comesToNeedCustomer, reauthenticationRequired } from "./status-events.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface ChangeConnectionDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace" | "release" | "remove">;
  readonly vault: Pick<TokenVault, "destroy">;
  readonly marks: Pick<EmployerMarks, "remove">;
}

export type ChangeRefusal =
  | { readonly reason: "connection_unknown" }
  | { readonly reason: "not_held" }
  | { readonly reason: "connection_disconnecting" }
  | { readonly reason: "connection_limit" }
  | { readonly reason: "customer_deleting" }
  | { readonly reason: "connection_held" }
  | { readonly reason: "connection_changed" };

/** `by` is left out for what Perch does by itself; a change that changes nothing leaves no entry of the audit. */
type Change = (
  customerId: CustomerId,
  connectionId: ConnectionId,
  by?: Actor,
) => Promise<Result<Connection, ChangeRefusal>>;

/** The platform's own words for a connection; what is undefined stays as it is. */
export interface ConnectionLabels {
  readonly label?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Creates the use case: changes the platform's label and metadata of a connection. */
export const labelConnection =
  (deps: Pick<ChangeConnectionDependencies, "now" | "newId" | "connections">) =>
  async (
    customerId: CustomerId,
    connectionId: ConnectionId,
    labels: ConnectionLabels,
    by?: Actor,
  ): Promise<Result<Connection, ChangeRefusal>> => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      const next = { ...nextVersion(connection, deps.now()), ...labels };
      const entries = entriesOf(deps, by, actOn(next, "connection_labelled"));
      if (await deps.connections.replace(next, [eventOf(deps, "ConnectionUpdated", next), ...entries])) return ok(next);
    }
  };

/** Creates the use case: takes a held connection into use. */
export const acceptConnection =
  (deps: Pick<ChangeConnectionDependencies, "now" | "newId" | "connections">): Change =>
  async (customerId, connectionId, by) => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      if (connection.disconnect !== null) return refuse({ reason: "connection_disconnecting" });
      if (connection.heldReason === null) return refuse({ reason: "not_held" });
      // In use from now on, it may turn out to be a duplicate: the next look tells.
      const now = deps.now();
      const next = { ...nextVersion(connection, now), heldReason: null, nextCheckAt: now };
      const created = eventOf(deps, "ConnectionCreated", next);
      // While it was held nobody was told that it needs its customer.
      const prompts = comesToNeedCustomer(undefined, next)
        ? [reauthenticationRequired(deps, next, next.updatedAt)]
        : [];
      const entries = entriesOf(deps, by, actOn(next, "connection_accepted"));
      const released = await deps.connections.release(next, [created, ...prompts, ...entries]);
      if (released.ok) return ok(next);
      if (released.refusal !== "changed") return refuse({ reason: released.refusal });
    }
  };

/**
 * Creates the use case: gives a held connection up. Its tokens are destroyed and its owner is free again; at Finch it goes
 * on, since it may be somebody else's.
 */
export const discardConnection =
  (deps: ChangeConnectionDependencies): Change =>
  async (customerId, connectionId, by) => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      if (connection.disconnect !== null) return refuse({ reason: "connection_disconnecting" });
      if (connection.heldReason === null) return refuse({ reason: "not_held" });
      await forgetMarks(deps, connection);
      const rest = await shedTokens(deps, connection);
      if (rest === undefined) continue;
      const sealed = await sealedTokens(deps, rest);
      const gone = nextVersion(rest, deps.now());
      const event = eventOf(deps, "ConnectionUpdated", gone, "discarded");
      const events = [event, ...entriesOf(deps, by, actOn(gone, "connection_discarded"))];
      if (await deps.connections.remove(rest, { tombstone: null, counts: false, events })) {
        for (const each of sealed) await deps.vault.destroy(each);
        return ok(gone);
      }
    }
  };

/** What must be so for a connection to be ended; else it is as it was. */
export interface DisconnectTerms {
  /** It is in use: a held one may be somebody else's. */
  readonly inUse?: boolean;
  /** It is at this version still, of which somebody has seen what would fall with it. */
  readonly version?: number | undefined;
}

/**
 * Creates the use case: asks for a connection to be ended at Finch. What it returns is the promise, kept in the table: the
 * driver goes on until Finch confirms. Asking again changes nothing.
 */
export const requestDisconnect =
  (
    deps: Pick<ChangeConnectionDependencies, "now" | "newId"> & {
      readonly connections: Pick<ChangeConnectionDependencies["connections"], "find" | "replace">;
      /** Told once a request is stored. Must not throw: the request stands. */
      readonly nudgeDisconnects?: NudgeDisconnects;
    },
  ) =>
  async (
    customerId: CustomerId,
    connectionId: ConnectionId,
    by?: Actor,
    { inUse = false, version }: DisconnectTerms = {},
  ): Promise<Result<Connection, ChangeRefusal>> => {
    for (;;) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      if (connection.disconnect !== null) return ok(connection);
      if (inUse && connection.heldReason !== null) return refuse({ reason: "connection_held" });
      if (version !== undefined && connection.version !== version) return refuse({ reason: "connection_changed" });
      const now = deps.now();
      const reason = connection.heldReason === null ? "requested" : "discarded";
      const next: Connection = {
        ...nextVersion(connection, now),
        disconnect: { reason, requestedAt: now, attempts: 0, nextAttemptAt: now },
        // They end with it.
        entityDisconnects: [],
      };
      const entries = entriesOf(deps, by, actOn(next, "disconnect_requested"));
      if (!(await deps.connections.replace(next, [eventOf(deps, "ConnectionUpdated", next), ...entries]))) continue;
      await deps.nudgeDisconnects?.([{ customerId, connectionId }]);
      return ok(next);
    }
  };

/** What the vault keeps of a connection's tokens. */
export const sealedTokens = async (
  { connections }: { readonly connections: Pick<ConnectionStore, "findToken"> },
  { customerId, connectionId, tokens }: Connection,
): Promise<Sealed[]> => {
  const found = await Promise.all(
    tokens.map(({ tokenId }) => connections.findToken(customerId, connectionId, tokenId)),
  );
  return found.flatMap((token) => (token === undefined ? [] : [token.sealed]));
};

const nextVersion = (connection: Connection, now: Date): Connection => ({
  ...connection,
  updatedAt: now,
  version: connection.version + 1,
});

/** Who made what of a connection, as it is after the change. */
export const actOn = ({ customerId, connectionId, updatedAt }: Connection, action: AuditAction): Act => ({
  ...{ customerId, connectionId, action, at: updatedAt },
});

/** An event about a connection as it is after a change. */
export const eventOf = (
  { newId }: Pick<Surroundings, "newId">,
  type: Exclude<ConnectionEventType, "ReauthenticationRequired">,
  connection: Connection,
  status = connectionStatus(connection),
  more: Pick<ConnectionEventDetail, "reason" | "entity_id" | "duplicate_connection_id"> = {},
): PerchEvent => ({
  eventId: newId(),
  time: connection.updatedAt,
  type,
  customerId: connection.customerId,
  subject: { kind: "connection", id: connection.connectionId, version: connection.version },
  detail: { provider_id: connection.providerId, status, ...more },
});
