/** Multi-Provider: a new connection for every new provider, even though it is the same company. */
import { describe, expect, it } from "vitest";
import { listConnections, readBack } from "../support/connections.ts";
import { connect, createCustomer } from "../support/journey.ts";

describe.concurrent("multi-provider", () => {
  it("migration: the old provider's connection stays beside the new one's", async () => {
    const customer = await createCustomer();
    const before = await connect(customer, { provider: "quickbooks" });
    const after = await connect(customer, { provider: "rippling" });
    expect([before.status, after.status]).toEqual(["connected", "connected"]);
    expect(after.connectionId).not.toBe(before.connectionId);
    await readBack(customer, before.connectionId, { provider: "quickbooks", company: customer.name });
    await readBack(customer, after.connectionId, { provider: "rippling", company: customer.name });
    expect((await listConnections(customer)).map((each) => each.provider_id)).toEqual(["rippling", "quickbooks"]);
    expect((await listConnections(customer, "provider_id=quickbooks")).map((each) => each.connection_id)).toEqual([
      before.connectionId,
    ]);
  });

  it("foreign workers: another provider, chosen by the platform, with other products", async () => {
    const customer = await createCustomer();
    const payroll = await connect(customer, { provider: "gusto" });
    const products = ["company", "directory"] as const;
    // The session names the provider, so that the customer is not asked; BambooHR stands for the one abroad.
    const abroad = await connect(customer, {
      provider: "gusto",
      input: { integration: { provider: "bamboo_hr", auth_method: "api_token" }, products: [...products] },
    });
    expect(abroad.session.integration).toEqual({ provider: "bamboo_hr", auth_method: "api_token" });
    const described = await readBack(customer, abroad.connectionId, {
      provider: "bamboo_hr",
      company: customer.name,
      products,
    });
    expect(described.authentication_methods).toMatchObject([{ type: "api_token" }]);
    await readBack(customer, payroll.connectionId, { provider: "gusto", company: customer.name });
    expect(await listConnections(customer)).toHaveLength(2);
  });
});
