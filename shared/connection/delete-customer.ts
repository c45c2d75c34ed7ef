import { ok, type Result, refuse } from "../result.ts";
import type { CustomerDeletion, DeletionStore } from "./customer-deletion.ts";
import type { CustomerId, DeletionId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { CustomerStore } from "./store-ports.ts";

/** Asks for a step soon. A lost nudge loses nothing: what is to be done falls due in the table. */
export type NudgeDeletions = (deletionIds: readonly DeletionId[], delaySeconds?: number) => Promise<void>;

export interface DeleteCustomerDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly customers: Pick<CustomerStore, "find">;
  readonly deletions: Pick<DeletionStore, "begin" | "find">;
}

/**
 * Creates the use case: asks for a customer's deletion. What it returns is the promise, kept in the table: from that write
 * on nothing new begins for the customer, and the driver goes on until nothing of it is left. Asking again gives the same.
 */
export const deleteCustomer =
  (deps: DeleteCustomerDependencies) =>
  async (customerId: CustomerId): Promise<Result<CustomerDeletion, "customer_unknown">> => {
    for (;;) {
      const customer = await deps.customers.find(customerId);
      if (customer === undefined) return refuse("customer_unknown");
      if (customer.deletion !== null) {
        const begun = await deps.deletions.find(customer.deletion.deletionId);
        // The mark and the deletion are one write.
        if (begun === undefined) throw new Error("a customer is marked by a deletion that is not there");
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
      if (await deps.deletions.begin(customer, deletion)) return ok(deletion);
      // Marked by another call, deleted, or changed at the same moment: look again.
    }
  };
