/** A customer that made-up requests are led to. */
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "./api.ts";
import { mintToken } from "./finch.ts";
import { allProducts, connect, createCustomer, startSession, type TestCustomer } from "./journey.ts";
import { importToken } from "./ways-in.ts";

/** A customer by its identifiers, as `local/schemathesis/hooks.py` takes them. */
export interface FuzzedCustomer {
  readonly customer_id: string;
  readonly connections: readonly { readonly connection_id: string; readonly entities: readonly string[] }[];
  readonly sessions: readonly string[];
}

/** A customer that was made for it, and the ticket of its open session. */
export interface MadeCustomer {
  readonly fuzzed: FuzzedCustomer;
  readonly customer: TestCustomer;
  readonly ticket: string;
}

/** A customer with two connections, one of several entities, a held one, and sessions that are open and completed. */
export const createFuzzedCustomer = async (): Promise<MadeCustomer> => {
  const customer = await createCustomer();
  const common = { customer_id: customer.id, products: allProducts };
  for (const more of [
    { provider: "gusto", company: customer.name, username: "multi_entity" },
    { provider: "bamboo_hr", company: `${customer.name} elsewhere` },
  ]) {
    const imported = await importToken(customer, (await mintToken({ ...common, ...more })).accessToken);
    if (imported.status !== 201) throw new Error(`no connection to fuzz: ${imported.text}`);
  }
  const { session } = await connect(customer, {
    company: `${customer.name} held`,
    input: { require_acceptance: true },
  });
  const open = await startSession(customer);
  const listed = await callBackend(`${customer.path}/connections`);
  const fuzzed = {
    customer_id: customer.id,
    connections: listed.json<schema.ConnectionPage>().connections.map(({ connection_id, entities }) => ({
      connection_id,
      entities: entities.map(({ id }) => id),
    })),
    sessions: [session.session_id, open.session_id],
  };
  return { fuzzed, customer, ticket: open.connect_url.split("/").at(-1) ?? "" };
};
