/** Which employers are attached to a customer, through which connection and entity. */
import { describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { controlFinch } from "../support/finch.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { patience } from "../support/patience.ts";

const readEmployers = async (customer: TestCustomer): Promise<schema.ConnectionEmployers[]> => {
  const read = await callBackend(`${customer.path}/employers`);
  expect(read.status, read.text).toBe(200);
  return [...read.json<schema.EmployerPage>().connections];
};

const awaitEmployers = (customer: TestCustomer, expected: object): Promise<schema.ConnectionEmployers[]> =>
  vi.waitFor(async () => {
    const found = await readEmployers(customer);
    expect(found).toMatchObject(expected);
    return found;
  }, patience);

describe("the employers of a customer", () => {
  it("are read by themselves after it connected, one for each entity of each connection, newest connection first", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { company: customer.name });
    const second = await connect(customer, { username: "multi_entity", entities: "all" });
    const found = await awaitEmployers(customer, [
      { connection_id: second.connectionId, employers: Array.from({ length: 3 }, () => ({ status: "available" })) },
      { connection_id: first.connectionId, provider_id: "gusto", employers: [{ status: "available" }] },
    ]);
    for (const { employers } of found) {
      for (const employer of employers) {
        expect(employer.legal_name).not.toBeNull();
        expect(employer.ein_last_four).toMatch(/^\d{4}$/);
      }
    }
    // A whole EIN, and not digits that lie on both sides of a hyphen inside a UUID.
    expect(JSON.stringify(found)).not.toMatch(/(?<![\w-])\d{2}-\d{7}(?![\w-])/);
  });

  it("are none of a customer without connections", async () => {
    expect(await readEmployers(await createCustomer())).toEqual([]);
  });

  it("are shown as what they are where the provider does not tell", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { input: { products: ["directory"] } });
    await awaitEmployers(customer, [
      { connection_id: connectionId, employers: [{ status: "not_granted", legal_name: null }] },
    ]);
  });

  it("are read anew when Finch tells that the company has changed", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const [before] = await awaitEmployers(customer, [{ employers: [{ status: "available" }] }]);
    await controlFinch("POST", `employers/${connectionId}`, {
      answers: { company: "not_implemented_error" },
      company_updated: true,
    });
    await awaitEmployers(customer, [{ employers: [{ status: "not_supported" }] }]);
    expect(before?.employers[0]?.status).toBe("available");
  });
});
