import { describe, expect, it } from "vitest";
import type { CustomerDeletion } from "#shared/connection/customer-deletion.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aDeletedEvent, aDeletion, afterNoon, aProfile, minute, noon } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of deletions promises of the last step. */
export const describeDeletionEnds = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);

  const aBegunDeletion = async (known?: CustomerId): Promise<CustomerDeletion> => {
    const customerId = known ?? (await aKnownCustomer());
    const customer = (await stores().customers.find(customerId)) ?? expect.fail();
    const deletion = aDeletion({ customerId, incarnation: customer.incarnation });
    expect(await stores().deletions.begin(customer, deletion)).toBe(true);
    return deletion;
  };
  const find = ({ deletionId }: CustomerDeletion) => stores().deletions.find(deletionId);
  const completion = (deletion: CustomerDeletion) => ({
    ended: { connections: 2, tokens: 3 },
    now: afterNoon(minute),
    event: aDeletedEvent(deletion),
  });

  describe("the completion of a deletion", () => {
    it("removes the customer, with its event, once", async () => {
      const deletion = await aBegunDeletion();
      const done = completion(deletion);
      const { deletions, customers, outbox } = stores();
      expect(await deletions.complete(deletion, done)).toBe(true);
      expect(await customers.find(deletion.customerId)).toBeUndefined();
      expect(await find(deletion)).toEqual({ ...deletion, completedAt: done.now, ended: done.ended });
      expect(await outbox.find(done.event.eventId)).toEqual(done.event);
      expect(await deletions.complete(deletion, done)).toBe(false);
      const next = { nextStepAt: noon, attempts: 1, connectionsFrom: null };
      expect(await deletions.postpone(deletion, next)).toBe(false);
      expect(await deletions.eraseSessions(deletion, [])).toBe(false);
    });

    it.each([
      [
        "counts a connection",
        async (deletion: CustomerDeletion) => {
          await aClaimedConnection({ customerId: deletion.customerId });
          return deletion;
        },
      ],
      ["is of another life", async (deletion: CustomerDeletion) => ({ ...deletion, incarnation: "another" })],
      [
        "is marked by another",
        async (deletion: CustomerDeletion) => ({ ...deletion, deletionId: aDeletion().deletionId }),
      ],
    ] as const)("removes no customer that %s", async (why, change) => {
      const customerId = await aKnownCustomer();
      const made = why === "counts a connection" ? await change(aDeletion({ customerId })) : undefined;
      const deletion = await aBegunDeletion(customerId);
      const before = await stores().customers.find(customerId);
      const changed = made === undefined ? await change(deletion) : deletion;
      expect(await stores().deletions.complete(changed, completion(changed))).toBe(false);
      expect(await stores().customers.find(customerId)).toEqual(before);
      expect(await find(deletion)).toEqual(deletion);
    });

    it("lets the customer be made again, in another life", async () => {
      const deletion = await aBegunDeletion();
      const { customerId } = deletion;
      await stores().deletions.complete(deletion, completion(deletion));
      const made = { incarnation: "second", defaultMode: "multiple", now: noon } as const;
      const put = await stores().customers.put(aProfile({ customerId }), made);
      expect(put).toMatchObject({ value: { created: true, customer: { incarnation: "second", deletion: null } } });
    });
  });
};
