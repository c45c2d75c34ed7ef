import { describe, expect, it } from "vitest";
import type { CustomerMode } from "#shared/connection/customer.ts";
import { aClaim, aConnection, afterNoon, aProfile, newCustomerId, noon } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of customers promises. */
export const describeCustomerStore = (stores: () => OpenedStores): void => {
  const made = { incarnation: "first", defaultMode: "multiple" as CustomerMode, now: noon };
  const madeLater = { incarnation: "second", defaultMode: "single" as CustomerMode, now: afterNoon(5_000) };

  /** A customer that owns so many connections. */
  const ownerOf = async (connections: number) => {
    const profile = aProfile();
    const { customerId } = profile;
    await stores().customers.put(profile, made);
    for (let count = 0; count < connections; count += 1) {
      const claimed = await stores().connections.claim(aClaim(aConnection({ customerId })));
      expect(claimed.ok).toBe(true);
    }
    return profile;
  };

  describe("customers", () => {
    it("finds nobody whom nobody has put", async () => {
      expect(await stores().customers.find(newCustomerId())).toBeUndefined();
    });

    it("creates a customer and gives it back as it was put", async () => {
      const profile = aProfile({
        email: null,
        metadata: { plan: "growth", "": "empty key", größe: "ünïcode", constructor: "named so" },
      });
      const { customerId, name } = profile;
      const customer = {
        customerId,
        name,
        email: null,
        mode: "multiple",
        metadata: profile.metadata,
        incarnation: "first",
        connectionCount: 0,
        createdAt: noon,
        updatedAt: noon,
        deletion: null,
      };
      expect(await stores().customers.put(profile, made)).toEqual({ ok: true, value: { customer, created: true } });
      expect(await stores().customers.find(customerId)).toEqual(customer);
    });

    it("gives a new customer the mode that the platform says, else the default", async () => {
      const said = await stores().customers.put(aProfile({ mode: "multiple" }), madeLater);
      const silent = await stores().customers.put(aProfile(), madeLater);
      expect(said).toMatchObject({ value: { customer: { mode: "multiple" } } });
      expect(silent).toMatchObject({ value: { customer: { mode: "single" } } });
    });

    it("replaces what the platform says, and keeps what it does not say", async () => {
      const before = await ownerOf(1);
      const after = { customerId: before.customerId, name: "Acme Ltd", email: null, metadata: {} };
      const customer = {
        ...after,
        mode: "multiple",
        incarnation: "first",
        connectionCount: 1,
        createdAt: noon,
        updatedAt: madeLater.now,
        deletion: null,
      };
      expect(await stores().customers.put(after, madeLater)).toEqual({
        ok: true,
        value: { customer, created: false },
      });
      expect(await stores().customers.find(before.customerId)).toEqual(customer);
    });

    it("says that it created the customer again when the same write comes twice", async () => {
      const profile = aProfile();
      await stores().customers.put(profile, made);
      expect(await stores().customers.put(profile, made)).toMatchObject({ value: { created: true } });
    });

    it.each([0, 1])("takes a customer with %i connections into mode single", async (connections) => {
      const profile = await ownerOf(connections);
      const put = await stores().customers.put({ ...profile, mode: "single" }, madeLater);
      expect(put).toMatchObject({ ok: true, value: { customer: { mode: "single", connectionCount: connections } } });
    });

    it("refuses mode single for a customer with two connections, and changes nothing", async () => {
      const profile = await ownerOf(2);
      const before = await stores().customers.find(profile.customerId);
      const put = await stores().customers.put({ ...profile, name: "Other", mode: "single" }, madeLater);
      expect(put).toEqual({ ok: false, refusal: "connection_limit" });
      expect(await stores().customers.find(profile.customerId)).toEqual(before);
    });

    it("leaves a customer in mode single, or takes it out, as the platform says", async () => {
      const profile = aProfile({ mode: "single" });
      const { mode: _, ...silent } = profile;
      await stores().customers.put(profile, made);
      const put = (said: typeof silent & { mode?: CustomerMode }) => stores().customers.put(said, made);
      expect(await put(silent)).toMatchObject({ value: { customer: { mode: "single" } } });
      expect(await put({ ...silent, mode: "multiple" })).toMatchObject({ value: { customer: { mode: "multiple" } } });
    });

    it("keeps customers apart whose ids differ in one sign", async () => {
      const customerId = newCustomerId();
      await stores().customers.put(aProfile({ customerId }), made);
      for (const other of [`${customerId}.`, customerId.toUpperCase(), customerId.slice(0, -1)]) {
        expect(await stores().customers.find(other as typeof customerId)).toBeUndefined();
      }
    });
  });
};
