/** What a customer, Finch and the clock ask of Perch, and what each of it reads and writes. */
import type { Connection } from "#shared/connection/connection.ts";
import { keys } from "#shared/dynamodb/keys.ts";
import { toCursor } from "#shared/http/cursor.ts";
import { createCustomer, look, workOffQueues } from "../cost/customer.ts";
import { difference, type Usage } from "../cost/usage.ts";
import type { CostWorld } from "../cost/world.ts";
import { headersOf, signWebhook } from "../support/signed-webhook.ts";

/** What is counted, in its order. */
export const operations = [
  "list, first page",
  "list, last page",
  "list, filtered without a match",
  "employers",
  "get",
  "import",
  "exchange",
  "look",
  "hand-out",
  "webhook",
  "sweep",
  "disconnect",
] as const;

type Operation = (typeof operations)[number];

/** Items and units of DynamoDB, indexes included; without the budgets', which know of no connection. */
export type Work = Pick<Usage, "itemsRead" | "itemsWritten" | "readUnits" | "writeUnits">;

/** What each operation has read and written. */
export type Counted = Readonly<Record<Operation, Work>>;

/** Of ten connections a page has two, and a filter goes through eight: less than all. */
const limit = "2";
/** How many connections are due for the sweep. */
const due = 5;

let companies = 0;

/** Names of one length, so that their items are equally large. */
const newCompany = (): string => {
  companies += 1;
  return `Initech ${String(companies).padStart(6, "0")}`;
};

/**
 * Does each once, for a customer that has these connections in the table, oldest first, and no record yet.
 *
 * @param tell hears of each as it is done.
 */
export const countOperations = async (
  world: CostWorld,
  connections: readonly Connection[],
  tell: (operation: Operation) => void,
): Promise<Counted> => {
  const { host } = world;
  const [first, second, third] = connections;
  if (first === undefined || second === undefined || third === undefined) throw new Error("three at least");
  const customer = await createCustomer(world, first.customerId);
  const { path } = customer;
  const counted: [Operation, Work][] = [];
  const count = async <Value>(operation: Operation, run: () => Promise<Value>): Promise<Value> => {
    const before = host.used();
    const value = await run();
    const used = difference(host.used(), before);
    const { itemsRead, readUnits } = used;
    const itemsWritten = used.itemsWritten - used.budgetItemsWritten;
    const writeUnits = used.writeUnits - used.budgetWriteUnits;
    counted.push([operation, { itemsRead, itemsWritten, readUnits, writeUnits }]);
    tell(operation);
    return value;
  };
  const list = async (query: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { body } = await host.request("list-connections", 200, { path, query: { limit, ...query } });
    const page = JSON.parse(body) as { readonly connections: readonly { readonly connection_id: string }[] };
    return page.connections.map(({ connection_id }) => connection_id);
  };
  const expectIds = (found: readonly string[], expected: readonly (Connection | undefined)[]): void => {
    const ids = expected.map((connection) => connection?.connectionId);
    if (found.join() !== ids.join()) throw new Error(`listed ${found.join()} instead of ${ids.join()}`);
  };
  const importOne = async (): Promise<string> => {
    const access_token = await mintToken(world);
    const { body } = await host.request("create-connection", 201, { path, body: { access_token } });
    return (JSON.parse(body) as { readonly connection_id: string }).connection_id;
  };
  /** As it is looked at when it is new. Its employers are not read: Finch would answer 20 of those in a minute. */
  const importAndLook = async (): Promise<string> => {
    const connectionId = await importOne();
    await look(world, first.customerId, connectionId, "connected");
    world.queues.clear();
    return connectionId;
  };

  expectIds(await count("list, first page", () => list({})), [connections.at(-1), connections.at(-2)]);
  // The cursor that the page before ends with.
  const cursor = toCursor({ at: third.createdAt.toISOString(), id: third.connectionId }) ?? "";
  expectIds(await count("list, last page", () => list({ cursor })), [second, first]);
  expectIds(await count("list, filtered without a match", () => list({ status: "reauth" })), []);
  await count("employers", () => host.request("list-employers", 200, { path, query: { limit } }));
  const known = { ...path, connection_id: first.connectionId };
  await count("get", () => host.request("get-connection", 200, { path: known }));

  await count("import", importOne);
  const connected = await count("exchange", async () => {
    const opened = await customer.open(await customer.createSession());
    return customer.comeBack(opened, await customer.signIn(opened, newCompany()));
  });
  await count("look", async () => {
    await look(world, first.customerId, connected, "connected");
    await workOffQueues(world);
  });
  const wish = { products: ["directory"], reason: "nightly headcount report" };
  const ours = { ...path, connection_id: connected };
  await count("hand-out", () => host.request("get-access-token", 200, { path: ours, body: wish }));
  await count("webhook", () => receiveWebhook(world, connected));

  const isDue: string[] = [];
  for (let more = 0; more < due; more += 1) isDue.push(await importAndLook());
  await world.letBeDue(
    isDue.map((connectionId) => {
      const { pk, sk } = keys.connection(first.customerId, connectionId as Connection["connectionId"]);
      return { pk: { S: pk }, sk: { S: sk } };
    }),
  );
  await count("sweep", async () => {
    await host.invoke("sweep-due", {});
    await host.invoke("sweep-checks", {});
  });
  const ended = { ...path, connection_id: await importAndLook() };
  await count("disconnect", async () => {
    await host.request("delete-connection", 202, { path: ended });
    await workOffQueues(world);
    await host.request("get-connection", 404, { path: ended });
  });
  return Object.fromEntries(counted) as Counted;
};

/** A token that the platform has from before. */
const mintToken = async ({ finch }: CostWorld): Promise<string> => {
  const minted = await fetch(`${finch.url}/_control/tokens`, {
    method: "POST",
    body: JSON.stringify({ provider: "gusto", company: newCompany() }),
  });
  return ((await minted.json()) as { readonly access_token: string }).access_token;
};

/** Finch's webhook about a connection that is as Perch knows it, acknowledged and worked on. */
const receiveWebhook = async (world: CostWorld, connectionId: string): Promise<void> => {
  const body = { event_type: "account.updated", connection_id: connectionId, data: { status: "connected" } };
  const webhook = signWebhook([world.webhookSecret], body);
  const request = { headers: headersOf(webhook), body: webhook.body.toString() };
  await world.host.request("receive-finch-webhook", 204, request);
  await workOffQueues(world);
};
