import { ok, type Result, refuse } from "../result.ts";
import type { Secret } from "../secret.ts";
import type { Actor } from "./audit.ts";
import type { SessionFailure } from "./connect-session.ts";
import type { Connection } from "./connection.ts";
import type { Finch, Introspection, PlatformTrouble, TokenGrant, Undecided } from "./finch-port.ts";
import type { CustomerId } from "./identifiers.ts";
import { type KeepGrantDependencies, keepGrant } from "./keep-grant.ts";
import type { CustomerStore } from "./store-ports.ts";
import { withIntrospection } from "./with-introspection.ts";

export interface ImportConnectionDependencies extends KeepGrantDependencies {
  readonly customers: Pick<CustomerStore, "find">;
  readonly finch: Pick<Finch, "introspect" | "clientId">;
}

export type ImportRefusal =
  | { readonly reason: "customer_unknown" }
  /** Finch does not know the token, or the provider has signed its connection out. */
  | { readonly reason: "token_not_usable" }
  /** The token was issued to another Finch application. */
  | { readonly reason: "foreign_application" }
  /** The customer has the connection, held: the backend accepts or discards it first. */
  | { readonly reason: "acceptance_required" }
  | { readonly reason: SessionFailure }
  | { readonly reason: "finch"; readonly answer: PlatformTrouble | Undecided };

/** A connection that an import has made or found. */
export interface Imported {
  readonly connection: Connection;
  /** False when the customer had the connection. */
  readonly created: boolean;
}

/** The gateway gives up on its function after 29 s. */
const patienceMs = 25_000;

/**
 * Creates the use case: takes over a token that the platform has had until now. Finch is asked first, and what it says
 * decides; a token that would not come into use is refused and not kept, since whoever brings it still has it.
 */
export const importConnection =
  (deps: ImportConnectionDependencies) =>
  async (customerId: CustomerId, accessToken: Secret, by?: Actor): Promise<Result<Imported, ImportRefusal>> => {
    const deadline = new Date(deps.now().getTime() + patienceMs);
    const customer = await deps.customers.find(customerId);
    if (customer === undefined) return refuse({ reason: "customer_unknown" });
    // A courtesy to Finch: the claim's own condition is what keeps a deleting customer from gaining anything.
    if (customer.deletion !== null) return refuse({ reason: "customer_deleting" });
    const [answer, clientId] = await Promise.all([deps.finch.introspect(accessToken), deps.finch.clientId()]);
    if (answer.kind === "platform_trouble" || answer.kind === "undecided") return refuse({ reason: "finch", answer });
    if (answer.kind !== "introspected") return refuse({ reason: "token_not_usable" });
    const said = answer.introspection;
    if (said.clientId !== clientId) return refuse({ reason: "foreign_application" });

    const { connectionId } = said;
    // A repeated import is the usual case: what is there already is found before anything is sealed.
    const known = await deps.connections.find(customerId, connectionId);
    const kept = await keepGrant(deps, toGrant(said, accessToken), {
      facts: { owner: known?.customerId, connection: known },
      claimant: { customerId, incarnation: customer.incarnation, reauthenticates: null, requireAcceptance: false },
      mayKeep: (keep) => keep.end.status === "completed" && keep.held === null,
      refine: (made, tokenId) => withIntrospection(made, tokenId, said, deps.now()),
      deadline,
      ...(by && { by }),
    });
    const { decision } = kept;
    if (decision.kind === "drop") return refuse({ reason: decision.reason });
    if (kept.how === "not_kept") {
      return refuse({ reason: decision.end.status === "failed" ? decision.end.reason : "acceptance_required" });
    }
    if (kept.how !== "stored_before") return ok({ connection: kept.connection, created: decision.to === undefined });
    const stored = await deps.connections.find(customerId, connectionId);
    // It was there a moment ago: a disconnect has just been confirmed.
    if (stored === undefined) return refuse({ reason: "connection_disconnecting" });
    return ok({ connection: stored, created: false });
  };

const toGrant = (said: Introspection, accessToken: Secret): TokenGrant => ({
  accessToken,
  connectionId: said.connectionId,
  entityIds: said.entities.map((entity) => entity.id),
  clientType: said.clientType,
  connectionType: said.connectionType,
  products: said.products,
  providerId: said.providerId,
  customerId: said.customerId,
  companyId: said.companyId,
});
