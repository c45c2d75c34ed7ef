import type { ConnectionId, CustomerId } from "./identifiers.ts";

/** Asks for a step towards disconnects soon. A lost nudge loses nothing: what is to be done falls due in the table. */
export type NudgeDisconnects = (
  connections: readonly { readonly customerId: CustomerId; readonly connectionId: ConnectionId }[],
) => Promise<void>;
