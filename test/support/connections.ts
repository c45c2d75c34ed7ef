/** What the platform's backend does with connections that are there. */
import { expect, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Answer, callBackend } from "./api.ts";
import { allProducts, type TestCustomer } from "./journey.ts";
import { patience } from "./patience.ts";
import { readOwner } from "./table.ts";

/** All the customer's connections, page by page. */
export const listConnections = async (customer: TestCustomer, query = ""): Promise<schema.Connection[]> => {
  const connections: schema.Connection[] = [];
  let cursor = "";
  do {
    const listed = await callBackend(`${customer.path}/connections?${query}${cursor}`);
    expect(listed.status).toBe(200);
    const page = listed.json<schema.ConnectionPage>();
    connections.push(...page.connections);
    cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
  } while (cursor !== "");
  return connections;
};

/** Where the API has a connection. */
export const pathOf = (customer: TestCustomer, connectionId: string): string =>
  `${customer.path}/connections/${connectionId}`;

/** Reads one connection of the customer, which must be there. */
export const readConnection = async (customer: TestCustomer, connectionId: string): Promise<schema.Connection> => {
  const read = await callBackend(pathOf(customer, connectionId));
  expect(read.status, read.text).toBe(200);
  return read.json<schema.Connection>();
};

/** Has Finch asked about a connection: its stored token opens and works. */
export const introspect = async (customer: TestCustomer, connectionId: string): Promise<schema.Connection> => {
  const asked = await callBackend(`${pathOf(customer, connectionId)}/introspect`, { method: "POST" });
  expect(asked.status, asked.text).toBe(200);
  return asked.json<schema.Connection>();
};

/**
 * Waits until Perch has looked at a connection by itself, as it does soon after a token has come, and has read the employers
 * behind it: until then what is stored of it goes on changing.
 */
export const awaitLook = (customer: TestCustomer, connectionId: string): Promise<schema.Connection> =>
  vi.waitFor(async () => {
    const connection = await readConnection(customer, connectionId);
    expect(connection.introspected_at).not.toBeNull();
    const { connections } = (await callBackend(`${customer.path}/employers`)).json<schema.EmployerPage>();
    const own = connections.find(({ connection_id }) => connection_id === connectionId);
    const isUsed = connection.status !== "held" && connection.status !== "disconnecting";
    if (isUsed) expect(own?.employers.map(({ status }) => status)).not.toContain("unread");
    return connection;
  }, patience);

/** A connection as it is to be found again. Perch looks at it by itself, too, and a look at another connection marks this one. */
export const besideLooks = (connection: schema.Connection) => ({
  ...connection,
  possible_duplicates: expect.any(Array),
  introspected_at: expect.any(String),
  updated_at: expect.any(String),
  version: expect.any(Number),
});

/** Takes a held connection into use. */
export const accept = (customer: TestCustomer, connectionId: string): Promise<Answer> =>
  callBackend(`${pathOf(customer, connectionId)}/accept`, { method: "POST" });

/** What a journey has ended with. */
export interface Expected {
  readonly provider: string;
  readonly company: string;
  /** Of all tokens together. */
  readonly products?: readonly string[];
  /** By name; one that is called as the company when left out. */
  readonly entities?: readonly string[];
  /** The products of each token, oldest first, before Finch was asked; not looked at when left out. */
  readonly tokens?: readonly (readonly string[])[];
}

/**
 * Reads back what a journey ended with: who owns the connection, its provider, its entities, its products and those of each
 * token; and lets Finch be asked with the stored token.
 *
 * @returns the connection as Finch describes it now.
 */
export const readBack = async (
  customer: TestCustomer,
  connectionId: string,
  { provider, company, products = allProducts, entities = [company], tokens }: Expected,
): Promise<schema.Connection> => {
  expect(await readOwner(connectionId)).toBe(customer.id);
  const facts = {
    connection_id: connectionId,
    customer_id: customer.id,
    provider_id: provider,
    status: "connected",
    products: products.toSorted(),
  };
  const stored = await readConnection(customer, connectionId);
  expect(stored).toMatchObject(facts);
  if (tokens !== undefined) expect(stored.tokens.map((token) => token.products)).toEqual(tokens);
  expectUnion(stored);
  const said = await introspect(customer, connectionId);
  expect(said).toMatchObject(facts);
  expect(said.entities.map(({ name, status }) => [name, status]).toSorted()).toEqual(
    entities.map((name) => [name, "connected"]).toSorted(),
  );
  expect(idsOf(said)).toEqual(idsOf(stored));
  expectUnion(said);
  expect(said.introspected_at).not.toBeNull();
  expect(await readConnection(customer, connectionId)).toEqual(besideLooks(said));
  return said;
};

const idsOf = ({ entities }: schema.Connection): string[] => entities.map(({ id }) => id).toSorted();

/** A connection's entities and products are those of its tokens together. */
const expectUnion = (connection: schema.Connection): void => {
  const { tokens } = connection;
  expect([...new Set(tokens.flatMap((token) => token.entity_ids))].toSorted()).toEqual(idsOf(connection));
  expect([...new Set(tokens.flatMap((token) => token.products))].toSorted()).toEqual(connection.products);
};
