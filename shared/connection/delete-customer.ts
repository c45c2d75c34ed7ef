import { ok, type Result, refuse } from "../result.ts";
import { type Actor, entriesOf } from "./audit.ts";
import type { CustomerDeletion, DeletionStore } from "./customer-deletion.ts";
import type { CustomerId, DeletionId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { CustomerStore } from "./store-ports.ts";

/** Asks for a step soon. A lost nudge loses nothing: what is to be done falls due in the table. */
export type NudgeDeletions = (deletionIds: readonly DeletionId[], delaySeconds?: number) => Promise<void>;

export interface DeleteCustomerDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly customers: Pick<CustomerStore, "find">;
  readonly deletions: Pick<DeletionStore, "begin" | "find" | "sessions" | "cancelSession">;
}

/** So many of a customer's sessions are cancelled before the answer; the driver erases whatever is left, and begins at once. */
const mostCancelled = 500;
const cancelledAtOnce = 50;

/**
 * Creates the use case: asks for a customer's deletion. What it returns is the promise, kept in the table: from the mark on
 * the customer gets nothing new, and the driver goes on until nothing of it is left. The sessions that it had by then are
 * cancelled before this returns, so that no exchange begins afterwards; one that began before joins the deletion. Asking
 * again gives the same deletion.
 */
export const deleteCustomer =
  (deps: DeleteCustomerDependencies) =>
  async (customerId: CustomerId, by?: Actor): Promise<Result<CustomerDeletion, "customer_unknown">> => {
    for (;;) {
      const customer = await deps.customers.find(customerId);
      if (customer === undefined) return refuse("customer_unknown");
      if (customer.deletion !== null) {
        const begun = await deps.deletions.find(customer.deletion.deletionId);
        // The mark and the deletion are one write.
        if (begun === undefined) throw new Error("a customer is marked by a deletion that is not there");
        await cancelSessions(deps, customerId);
        return ok(begun);
      }
      const now = deps.now();
      const deletion: CustomerDeletion = {
        deletionId: deps.newId() as DeletionId,
        customerId,
        incarnation: customer.incarnation,
        requestedAt: now,
        completedAt: null,
        nextStepAt: now,
        attempts: 0,
        connectionsFrom: null,
        sessionsErased: 0,
        tokensLost: 0,
        ended: null,
      };
      const entries = entriesOf(deps, by, { customerId, action: "customer_deletion_requested", at: now });
      if (await deps.deletions.begin(customer, deletion, entries)) {
        await cancelSessions(deps, customerId);
        return ok(deletion);
      }
      // Marked by another call, deleted, or changed at the same moment: look again.
    }
  };

/** After the mark, which no session is made after: what is found now, consistently, is all that there is. */
const cancelSessions = async ({ deletions, now }: DeleteCustomerDependencies, customerId: CustomerId) => {
  const sessions = await deletions.sessions(customerId, mostCancelled);
  for (let from = 0; from < sessions.length; from += cancelledAtOnce) {
    const batch = sessions.slice(from, from + cancelledAtOnce);
    await Promise.all(batch.map((sessionId) => deletions.cancelSession(sessionId, now())));
  }
};
