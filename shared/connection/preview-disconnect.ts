import { ok, type Result, refuse } from "../result.ts";
import { type Connection, productsOf } from "./connection.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import { findSiblings, type Siblings, type SiblingsDependencies } from "./siblings.ts";

/** What would fall with a connection. */
export interface DisconnectPreview {
  readonly connection: Connection;
  readonly products: readonly string[];
  readonly siblings: Siblings;
}

/** Creates the use case: says what a disconnect would end, and changes nothing. */
export const previewDisconnect =
  (deps: SiblingsDependencies) =>
  async (
    customerId: CustomerId,
    connectionId: ConnectionId,
  ): Promise<Result<DisconnectPreview, "connection_unknown">> => {
    const connection = await deps.connections.find(customerId, connectionId);
    if (connection === undefined) return refuse("connection_unknown");
    return ok({ connection, products: productsOf(connection), siblings: await findSiblings(deps, connection) });
  };
