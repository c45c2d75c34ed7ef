import { retention } from "#shared/retention.ts";
import { countDisconnect, countImport, countSecretSweep, countSweeps, countWebhook } from "./background-flows.ts";
import { createCustomer, look, publishEvents } from "./customer.ts";
import type { Asked } from "./host.ts";
import { countPage } from "./page-flows.ts";
import { storedBytes } from "./stored.ts";
import { type Count, difference, sum, type Usage } from "./usage.ts";
import { type CostWorld, startWorld, type TokenStore } from "./world.ts";

/** What was counted with one token store. */
export interface Counted {
  readonly store: TokenStore;
  /** What each flow uses, by its name, in the order of the table. */
  readonly flows: Readonly<Record<string, Usage>>;
  /** What the sweeps use in one run without work, and for each secret that is there. */
  readonly idle: { readonly sweeps: Usage; readonly perSecret: Usage };
  /** What one invocation of each of these functions asked. */
  readonly asked: Readonly<Record<string, Asked>>;
  /** What is stored of one connection, with its customer and one session, as DynamoDB bills it. */
  readonly storedBytes: number;
}

/** Functions whose calls have a bar: `test/bench/cost.ts`. */
const listed = ["list-connections", "get-connection", "receive-connect-callback", "exchange-authorization-code"];

/** Goes through every flow with the real functions, and counts. Each was gone through once before: nothing starts cold. */
export const countFlows = async (store: TokenStore): Promise<Counted> => {
  const world = await startWorld(store);
  const showAgain = world.host.captureLog();
  try {
    return await countIn(world, store);
  } finally {
    showAgain();
    await world.stop();
  }
};

const countIn = async (world: CostWorld, store: TokenStore): Promise<Counted> => {
  const { host } = world;
  const count: Count = async (run) => {
    const before = host.used();
    await run();
    return difference(host.used(), before);
  };
  // What is read once in minutes and kept, such as the application's secret, is read now.
  const warm = await createCustomer(world, "customer-0000000001");
  const warmId = await warm.connect("Initech 1");
  await host.request("introspect-connection", 200, { path: { ...warm.path, connection_id: warmId } });
  const storedBefore = storedBytes(await world.scan());

  const customer = await createCustomer(world, "customer-0000000002");
  const connected = await countConnect(world, customer, count);
  const storedAfter = storedBytes(await world.scan());
  const path = { ...customer.path, connection_id: connected.connectionId };
  const list = () => host.request("list-connections", 200, customer);
  const listOfOne = await count(list);
  const get = await count(() => host.request("get-connection", 200, { path }));
  const handOut = await countHandOut(world, path, count);
  const introspect = await count(() => host.request("introspect-connection", 200, { path }));
  const webhook = await countWebhook(world, connected.connectionId, count);
  const imported = await countImport(world, customer, count);
  const disconnect = await countDisconnect(world, { ...warm.path, connection_id: warmId }, path, count);
  for (let more = 0; more < 18; more += 1) await customer.connect(`Initech ${100 + more}`);
  const listOfTwenty = await count(list);
  const page = await countPage(world, customer, count);
  const sweeps = await countSweeps(world, count);
  return {
    store,
    flows: {
      "list of 1 connection": listOfOne,
      "list of 20 connections": listOfTwenty,
      "get a connection": get,
      "hand out an access token": handOut,
      ...connected.flows,
      "whole connect: the five above": sum(...Object.values(connected.flows)),
      "import a token": imported,
      introspect,
      ...webhook,
      disconnect,
      "look of the sweep": sweeps.look,
      ...page,
    },
    idle: { sweeps: sweeps.idle, perSecret: await countSecretSweep(world, count) },
    asked: {
      ...Object.fromEntries(listed.slice(0, 2).map((name) => [name, host.lastAsked(name)])),
      ...connected.asked,
    },
    storedBytes: storedAfter - storedBefore,
  };
};

/** A token is handed out; the entry in the audit stays for longer than a year. */
const countHandOut = async (world: CostWorld, path: Readonly<Record<string, string>>, count: Count): Promise<Usage> => {
  const body = { products: ["directory"], reason: "nightly headcount report" };
  const handOut = () => world.host.request("get-access-token", 200, { path, body });
  await handOut();
  const before = storedBytes(await world.scan());
  const usage = await count(handOut);
  const bytes = storedBytes(await world.scan()) - before;
  return sum(usage, { storedByteMonths: (bytes * retention.auditDays) / (365 / 12) });
};

/** A customer's way through Connect, and what follows by itself. */
const countConnect = async (world: CostWorld, customer: Awaited<ReturnType<typeof createCustomer>>, count: Count) => {
  const { host } = world;
  let session = { connect_url: "" };
  let opened = { location: "", cookie: "" };
  let connectionId = "";
  const create = await count(async () => {
    session = await customer.createSession();
  });
  const open = await count(async () => {
    opened = await customer.open(session);
  });
  const code = await customer.signIn(opened, "Initech 2");
  const exchange = await count(async () => {
    connectionId = await customer.comeBack(opened, code);
  });
  const asked = Object.fromEntries(listed.slice(2).map((name) => [name, host.lastAsked(name)]));
  const publish = await count(async () => {
    const events = await publishEvents(world);
    if (events !== 1) throw new Error(`${events} events are published where one was expected`);
  });
  const lookAtIt = await count(() => look(world, customer.customerId, connectionId, "connected"));
  if ((await publishEvents(world)) > 0) throw new Error("the look that follows a connection tells of something");
  return {
    connectionId,
    asked,
    flows: {
      "create a Connect session": create,
      "open its link": open,
      "callback and exchange": exchange,
      "publish an event": publish,
      "look that an event asks for": lookAtIt,
    },
  };
};
