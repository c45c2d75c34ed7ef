/** What exists in a stack before requests are made up against it, so that they reach more than its doors. */
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "./api.ts";
import { mintToken } from "./finch.ts";
import { createFuzzedCustomer, type FuzzedCustomer, type MadeCustomer } from "./fuzzed-customer.ts";
import { createFuzzedPages, type FuzzedPages } from "./fuzzed-pages.ts";
import { allProducts, createCustomer, returnUrl, type TestCustomer } from "./journey.ts";
import { awaitRoster, listEmployees } from "./rosters.ts";

/** What made-up requests are led to. */
export interface FuzzedIds {
  readonly kept: readonly FuzzedCustomer[];
  /** Those that requests may end. */
  readonly given_up: readonly FuzzedCustomer[];
  /** Those of whose connections requests may end single entities, and nothing else ends them. */
  readonly partly_given_up: readonly FuzzedCustomer[];
  readonly deletions: readonly string[];
  readonly tickets: readonly string[];
  /** A cursor for each path that has pages. */
  readonly cursors: Readonly<Record<string, string>>;
  readonly return_url: string;
  /** Of Finch's, some imported already. */
  readonly access_tokens: readonly string[];
  readonly pages: FuzzedPages;
  readonly roster: FuzzedRoster;
}

/** A customer's roster that is ready. */
export interface FuzzedRoster {
  readonly customer_id: string;
  readonly roster_id: string;
  readonly employees: readonly string[];
  readonly individuals: readonly schema.EmployeeRef[];
}

const createFuzzedRoster = async (customer: TestCustomer): Promise<FuzzedRoster> => {
  const { roster_id } = await awaitRoster(customer);
  const employees = await listEmployees(customer, "limit=100");
  return {
    ...{ customer_id: customer.id, roster_id },
    employees: employees.map(({ employee_id }) => employee_id),
    individuals: employees.flatMap(({ sources }) =>
      sources.map(({ connection_id, individual_id }) => ({ connection_id, individual_id })),
    ),
  };
};

/** The cursor of the first page of a list, which must have two. */
const cursorOf = async (path: string): Promise<string> => {
  const cursor = (await callBackend(`${path}?limit=1`)).json<schema.CustomerPage>().next_cursor;
  if (cursor === null) throw new Error(`${path} has one page only`);
  return cursor;
};

/** Makes them all. */
export const createFuzzedCustomers = async (): Promise<FuzzedIds> => {
  const made: MadeCustomer[] = [];
  for (let count = 0; count < 17; count += 1) made.push(await createFuzzedCustomer());
  const [kept, givenUp, givenUpOnPages] = [made.slice(0, 4), made.slice(4, 10), made.slice(10, 13)];
  const [partlyGivenUp, partlyGivenUpOnPages] = [made.slice(13, 15), made.slice(15)];
  const [first] = kept;
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
    kept: kept.map(({ fuzzed }) => fuzzed),
    given_up: givenUp.map(({ fuzzed }) => fuzzed),
    partly_given_up: partlyGivenUp.map(({ fuzzed }) => fuzzed),
    deletions: [deleted.json<schema.CustomerDeletion>().deletion_id],
    tickets: made.map(({ ticket }) => ticket),
    cursors: {
      "/v1/customers": await cursorOf("/v1/customers"),
      [`${path}/connections`]: await cursorOf(`${first.customer.path}/connections`),
      [`${path}/connect-sessions`]: await cursorOf(`${first.customer.path}/connect-sessions`),
    },
    return_url: returnUrl,
    access_tokens: tokens.map(({ accessToken }) => accessToken),
    // Deleting a customer ends its pages, so that what they may end is no other's.
    roster: await createFuzzedRoster(first.customer),
    pages: await createFuzzedPages(kept, givenUpOnPages, partlyGivenUpOnPages),
  };
};
