import { ok, type Result, refuse } from "../result.ts";
import type { NudgeChecks } from "./check-request.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

/** What a service of the platform says: that this connection of this customer needs to be signed in again. */
export interface ReauthenticationReport {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
}

export interface ReceiveReportDependencies extends Pick<Surroundings, "now"> {
  readonly connections: Pick<ConnectionStore, "findOwner">;
  readonly nudgeChecks: NudgeChecks;
}

/** Why a report asks for nothing; an attribute of the dead letter that it becomes. */
export type ReportRefusal =
  | "malformed"
  /** Nobody has the connection. */
  | "connection_unknown"
  /** It is another customer's. */
  | "not_the_owner"
  /** Nobody has it any more. */
  | "connection_disconnected";

/**
 * Creates the use case: a report about a connection of the customer that it names asks for a look. It is a hint, so that
 * nothing of it is stored; Finch decides.
 *
 * @param report undefined for what was malformed.
 */
export const receiveReport =
  ({ now, connections, nudgeChecks }: ReceiveReportDependencies) =>
  async (report: ReauthenticationReport | undefined): Promise<Result<void, ReportRefusal>> => {
    if (report === undefined) return refuse("malformed");
    const { customerId, connectionId } = report;
    const owner = await connections.findOwner(connectionId);
    if (owner === undefined) return refuse("connection_unknown");
    if (owner === "disconnected") return refuse("connection_disconnected");
    if (owner !== customerId) return refuse("not_the_owner");
    await nudgeChecks([{ customerId, connectionId, reason: "reported", askedAt: now() }]);
    return ok(undefined);
  };
