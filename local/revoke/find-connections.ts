import { Refusal, tail } from "../stack/refusal.ts";
import { forEach } from "./for-each.ts";
import type { Scope } from "./options.ts";
import type { PatientApi } from "./patient-api.ts";

/** A connection as the API lists it, as far as it matters here. */
export interface FoundConnection {
  readonly customer_id: string;
  readonly connection_id: string;
  readonly provider_id: string;
  readonly status: string;
}

const customersAtOnce = 8;

/** Where the API has a customer's connections. */
export const pathOf = (customerId: string): string => `/v1/customers/${encodeURIComponent(customerId)}/connections`;

/**
 * Every connection that is meant, whatever its status.
 *
 * @param onFound is told how many there are so far.
 * @throws Refusal when a customer that was named is not there, or a list is not to be had.
 */
export const findConnections = async (
  api: PatientApi,
  scope: Scope,
  onFound: (connections: number, customers: number) => void,
): Promise<readonly FoundConnection[]> => {
  const found: FoundConnection[] = [];
  let customers = 0;
  const { customerId, providerId } = scope;
  await forEach(customerId === undefined ? listCustomers(api) : [customerId], customersAtOnce, async (id) => {
    for await (const connection of listConnections(api, id, providerId && `provider_id=${providerId}`)) {
      if (connection === "no customer") {
        if (customerId !== undefined) throw new Refusal(`There is no customer ${customerId}.`);
        // Deleted since it was listed.
        continue;
      }
      found.push(connection);
      onFound(found.length, customers);
    }
    customers += 1;
    onFound(found.length, customers);
  });
  return found;
};

/** A customer's connections, page by page; `no customer` when there is none. */
export async function* listConnections(
  api: PatientApi,
  customerId: string,
  filter = "",
): AsyncGenerator<FoundConnection | "no customer"> {
  const path = `${pathOf(customerId)}?limit=100${filter && `&${filter}`}`;
  for await (const page of readPages<{ connections: readonly FoundConnection[] }>(api, path)) {
    if (page === "not found") yield "no customer";
    else yield* page.connections;
  }
}

async function* listCustomers(api: PatientApi): AsyncGenerator<string> {
  for await (const page of readPages<{ customers: readonly { customer_id: string }[] }>(
    api,
    "/v1/customers?limit=100",
  )) {
    if (page === "not found") throw new Refusal("GET /v1/customers answered 404: is this address Perch's?");
    for (const { customer_id: id } of page.customers) yield id;
  }
}

async function* readPages<Page extends object>(api: PatientApi, path: string): AsyncGenerator<Page | "not found"> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { status, text } = await api.call("GET", `${path}${cursor && `&cursor=${cursor}`}`);
    if (status === 404) return yield "not found";
    if (status !== 200) throw new Refusal(`GET ${path} answered ${status}.`, tail(text));
    const { next_cursor: next, ...page } = JSON.parse(text) as { readonly next_cursor: string | null };
    yield page as Page;
    cursor = next;
  }
}
