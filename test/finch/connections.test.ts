import { describe, expect, it } from "vitest";
import { startFinch } from "./support.ts";

const globex = { customer_id: "globex", customer_name: "Globex" };

describe("which connection a sign-in makes", () => {
  it("the same login again: the same connection, and both tokens work", async () => {
    const { connectAndExchange, as } = await startFinch();
    const first = await connectAndExchange();
    const second = await connectAndExchange({ products: ["company", "payment"] });
    expect(second.connection_id).toBe(first.connection_id);
    expect(second.entity_ids).toEqual(first.entity_ids);
    expect(second.access_token).not.toBe(first.access_token);
    expect((await as(first.access_token).account.introspect()).products).toEqual(["company", "directory"]);
    expect((await as(second.access_token).account.introspect()).products).toEqual(["company", "payment"]);
  });

  it("another login at the same company: another connection of the same company", async () => {
    const { connectAndExchange } = await startFinch();
    const first = await connectAndExchange();
    const second = await connectAndExchange({}, { username: "good_user_2" });
    expect(second.connection_id).not.toBe(first.connection_id);
    expect(second.company_id).toBe(first.company_id);
  });

  it("another login, when Finch tells logins not apart: the same connection", async () => {
    const { connectAndExchange, control } = await startFinch();
    await control("POST", "settings", { otherCredentials: "same" });
    const first = await connectAndExchange();
    const second = await connectAndExchange({}, { username: "good_user_2" });
    expect(second.connection_id).toBe(first.connection_id);
    await control("POST", "settings", { otherCredentials: "new" });
    for (const username of ["good_user", "good_user_2"]) {
      expect((await connectAndExchange({}, { username })).connection_id).toBe(first.connection_id);
    }
  });

  it("another login at the one company where Finch tells logins not apart, until it is like the others again", async () => {
    const { connectAndExchange, control } = await startFinch();
    const connectionsAt = async (company: string) => {
      const grants = [await connectAndExchange({}, { company })];
      grants.push(await connectAndExchange({}, { company, username: "good_user_2" }));
      return new Set(grants.map(({ connection_id: id }) => id)).size;
    };
    await control("POST", "settings", { company: "Acme East", otherCredentials: "same" });
    expect([await connectionsAt("Acme East"), await connectionsAt("Acme West")]).toEqual([1, 2]);
    await control("DELETE", "settings?company=Acme%20East");
    expect((await control("GET", "state")).body).toMatchObject({ companySettings: {} });
    for (const wrong of [{ company: 7 }, { company: "Acme East", productLimits: "lifted" }]) {
      expect((await control("POST", "settings", wrong)).status).toBe(400);
    }
  });

  it("another provider or another company: another connection and company", async () => {
    const { connectAndExchange } = await startFinch();
    const grants = [
      await connectAndExchange(),
      await connectAndExchange({}, { provider: "rippling" }),
      await connectAndExchange({}, { company: "Acme East" }),
      await connectAndExchange(globex),
    ];
    expect(new Set(grants.map((grant) => grant.connection_id)).size).toBe(4);
    expect(new Set(grants.map((grant) => grant.company_id)).size).toBe(4);
  });

  it("the company is the same in every run", async () => {
    const companies = [];
    for (const { connectAndExchange } of [await startFinch(), await startFinch()]) {
      companies.push((await connectAndExchange()).company_id);
    }
    expect(companies[0]).toBe(companies[1]);
  });
});

describe("two customers with one employer login", () => {
  const company = "Shared Ltd.";

  it.each([
    ["creator", { customer_id: "acme", customer_name: "Acme Inc.", customer_email: "hr@acme.example" }],
    ["latest", { customer_id: "globex", customer_name: "Globex", customer_email: null }],
    ["null", { customer_id: null, customer_name: null, customer_email: null }],
    ["absent", {}],
  ])("reach one connection, which names the customer as told: %s", async (customerIdMode, named) => {
    const { connectAndExchange, control, as } = await startFinch();
    await control("POST", "settings", { customerIdMode });
    const first = await connectAndExchange({ customer_email: "hr@acme.example" }, { company });
    const second = await connectAndExchange(globex, { company });
    expect(second.connection_id).toBe(first.connection_id);
    const customerOf = (answer: object) =>
      Object.fromEntries(Object.entries(answer).filter(([field]) => field.startsWith("customer_")));
    const { customer_email: _, ...namedAtExchange } = named as Record<string, unknown>;
    expect(customerOf(second)).toEqual(namedAtExchange);
    expect(customerOf(await as(second.access_token).account.introspect())).toEqual(named);
  });
});
