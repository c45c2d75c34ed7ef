/** What exists in a stack before requests are made up against it, so that they reach more than its doors. */
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "./api.ts";
import { mintToken } from "./finch.ts";
import { allProducts, connect, createCustomer, returnUrl, startSession, type TestCustomer } from "./journey.ts";
import { importToken } from "./ways-in.ts";

/** A customer by its identifiers, as `local/schemathesis/hooks.py` takes them. */
interface FuzzedCustomer {
  readonly customer_id: string;
  readonly connections: readonly { readonly connection_id: string; readonly entities: readonly string[] }[];
  readonly sessions: readonly string[];
}

/** What made-up requests are led to. */
export interface FuzzedIds {
  readonly kept: readonly FuzzedCustomer[];
  /** Those that requests may end. */
  readonly given_up: readonly FuzzedCustomer[];
  readonly deletions: readonly string[];
  readonly tickets: readonly string[];
  /** A cursor for each path that has pages. */
  readonly cursors: Readonly<Record<string, string>>;
  readonly return_url: string;
  /** Of Finch's, some imported already. */
  readonly access_tokens: readonly string[];
}

/** A customer with two connections, one of several entities, a held one, and sessions that are open and completed. */
const createFuzzedCustomer = async (): Promise<{ fuzzed: FuzzedCustomer; customer: TestCustomer; ticket: string }> => {
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

/** The cursor of the first page of a list, which must have two. */
const cursorOf = async (path: string): Promise<string> => {
  const cursor = (await callBackend(`${path}?limit=1`)).json<schema.CustomerPage>().next_cursor;
  if (cursor === null) throw new Error(`${path} has one page only`);
  return cursor;
};

/** Makes them all. */
export const createFuzzedCustomers = async (): Promise<FuzzedIds> => {
  const made: Awaited<ReturnType<typeof createFuzzedCustomer>>[] = [];
  for (let count = 0; count < 10; count += 1) made.push(await createFuzzedCustomer());
  const [first] = made;
  if (first === undefined) throw new Error("there is no customer to fuzz");
  const goner = await createCustomer();
  const deleted = await callBackend(goner.path, { method: "DELETE" });
  const path = "/v1/customers/{customer_id}";
  const tokens = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      mintToken({ provider: "gusto", company: `Import ${at}`, products: allProducts }),
    ),
  );
  return {
    kept: made.slice(0, 4).map(({ fuzzed }) => fuzzed),
    given_up: made.slice(4).map(({ fuzzed }) => fuzzed),
    deletions: [deleted.json<schema.CustomerDeletion>().deletion_id],
    tickets: made.map(({ ticket }) => ticket),
    cursors: {
      "/v1/customers": await cursorOf("/v1/customers"),
      [`${path}/connections`]: await cursorOf(`${first.customer.path}/connections`),
      [`${path}/connect-sessions`]: await cursorOf(`${first.customer.path}/connect-sessions`),
    },
    return_url: returnUrl,
    access_tokens: tokens.map(({ accessToken }) => accessToken),
  };
};
