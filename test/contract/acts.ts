import { describe, expect, it } from "vitest";
import type { AuditEntry } from "#shared/connection/audit.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aClaim, aConnection, aDeletion, anAuditEntry, anEvent, aSession, noon } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What every implementation of the stores promises of the entry that goes with a change. */
export const describeActs = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection } = createClaimSetting(stores);

  /** Makes a change twice with an entry each; the second comes too late. */
  const makeTwice = async (customerId: CustomerId, change: (entry: AuditEntry) => Promise<unknown>) => {
    const entries = [1, 2].map(() =>
      anAuditEntry({ customerId, action: "connection_labelled", tokenId: null, connectionId: null, reason: null }),
    );
    for (const entry of entries) await change(entry);
    const { items } = await stores().audit.list(customerId, { limit: 9, from: undefined, connectionId: undefined });
    return { items, entries };
  };

  describe("an entry of a change", () => {
    const next = async (changes: Parameters<typeof aClaimedConnection>[0] = {}) => {
      const { connection } = await aClaimedConnection(changes);
      return { ...connection, heldReason: null, version: connection.version + 1 };
    };

    it.each<[string, () => Promise<readonly [CustomerId, (entry: AuditEntry) => Promise<unknown>]>]>([
      [
        "that replaces a connection",
        async () => {
          const connection = await next();
          const { connections } = stores();
          return [connection.customerId, (entry) => connections.replace(connection, [anEvent(connection), entry])];
        },
      ],
      [
        "that replaces several",
        async () => {
          const connection = await next();
          return [connection.customerId, (entry) => stores().connections.replaceTogether([connection], [entry])];
        },
      ],
      [
        "that takes a held one into use",
        async () => {
          const connection = await next({ heldReason: "acceptance_required" });
          return [connection.customerId, (entry) => stores().connections.release(connection, [entry])];
        },
      ],
      [
        "that removes one",
        async () => {
          const { connection } = await aClaimedConnection({ heldReason: "acceptance_required" });
          const removal = { tombstone: null, counts: false };
          const { connections } = stores();
          return [connection.customerId, (entry) => connections.remove(connection, { ...removal, events: [entry] })];
        },
      ],
      [
        "that brings a token",
        async () => {
          const customerId = await aKnownCustomer();
          const claim = aClaim(aConnection({ customerId }));
          return [customerId, (entry) => stores().connections.claim({ ...claim, events: [entry] })];
        },
      ],
      [
        "that makes a session, whose customer is deleted then",
        async () => {
          const customerId = await aKnownCustomer();
          const customer = (await stores().customers.find(customerId)) ?? expect.fail();
          const create = async (entry: AuditEntry) => {
            await stores().sessions.create(aSession({ customerId, createdAt: noon }), [entry]);
            await stores().deletions.begin(customer, aDeletion({ customerId }));
          };
          return [customerId, create];
        },
      ],
      [
        "that begins a customer's deletion",
        async () => {
          const customerId = await aKnownCustomer();
          const customer = (await stores().customers.find(customerId)) ?? expect.fail();
          return [customerId, (entry) => stores().deletions.begin(customer, aDeletion({ customerId }), [entry])];
        },
      ],
    ])("is stored with it, and with none that comes too late: one %s", async (_, arrange) => {
      const { items, entries } = await makeTwice(...(await arrange()));
      expect(items).toEqual(entries.slice(0, 1));
    });
  });
};
