/** What a customer of the platform's does, through the functions; nothing here is counted apart. */
import { completeConnect } from "../../local/finch/drive-connect.ts";
import type { CostWorld, RawItem } from "./world.ts";

/** A customer, its connections made one after the other. */
export const createCustomer = async (world: CostWorld, customerId: string) => {
  const { host } = world;
  const path = { customer_id: customerId };
  await host.request("put-customer", 201, { path, body: { name: "Initech Bakeries", email: "hr@initech.example" } });

  const createSession = async () => {
    const body = { products: ["company", "directory"], return_url: "https://app.example.com/integrations" };
    const reply = await host.request("create-connect-session", 201, { path, body });
    return JSON.parse(reply.body) as { readonly connect_url: string };
  };

  /** Opens the link; returns where it leads to, and the browser's cookie. */
  const open = async ({ connect_url }: { readonly connect_url: string }) => {
    const ticket = connect_url.slice(connect_url.lastIndexOf("/") + 1);
    const reply = await host.request("open-connect", 302, { path: { ticket } });
    const [cookie = ""] = (reply.cookies ?? []).map((each) => each.split(";", 1)[0] ?? "");
    return { location: reply.headers?.["location"] ?? "", cookie };
  };

  /** Signs in at Finch, and comes back with a code. */
  const signIn = async ({ location }: { readonly location: string }, company: string) => {
    const back = await completeConnect({ connectUrl: location, provider: "gusto", company });
    return Object.fromEntries(back.searchParams) as Readonly<Record<string, string>>;
  };

  const comeBack = async ({ cookie }: { readonly cookie: string }, query: Readonly<Record<string, string>>) => {
    const reply = await host.request("receive-connect-callback", 303, { query, cookies: [cookie] });
    const connectionId = new URL(reply.headers?.["location"] ?? "").searchParams.get("connection_id");
    if (connectionId === null) throw new Error("the callback brings no connection");
    return connectionId;
  };

  return {
    ...{ customerId, path, createSession, open, signIn, comeBack },
    /** All the way through Connect, and what follows from it. */
    connect: async (company: string): Promise<string> => {
      const opened = await open(await createSession());
      const connectionId = await comeBack(opened, await signIn(opened, company));
      await publishEvents(world);
      await look(world, customerId, connectionId, "connected");
      return connectionId;
    },
  };
};

/** Hands what lies in the outbox to the publisher, as the table's stream does. Returns how many events there were. */
export const publishEvents = async ({ host, scan }: CostWorld): Promise<number> => {
  const isEvent = ({ pk }: RawItem) => pk?.S?.startsWith("OUTBOX#");
  const Records = (await scan()).filter(isEvent).map((NewImage) => ({ eventName: "INSERT", dynamodb: { NewImage } }));
  if (Records.length > 0) await host.invoke("publish-events", { Records });
  return Records.length;
};

/** Hands a message to the function that works on a queue, alone: it is received and deleted. */
const work = async ({ host }: CostWorld, name: string, body: string): Promise<void> => {
  host.add({ queueRequests: 2 });
  const reply = await host.invoke(name, { Records: [{ messageId: "5fea7756-0ea4-451a-a703-a558b933e274", body }] });
  const { batchItemFailures = [] } = Object(reply);
  if (batchItemFailures.length > 0) throw new Error(`${name} fails`);
};

/** Works on all that lies in the queues; returns how many messages there were. */
export const workOffQueues = async (world: CostWorld): Promise<number> => {
  let count = 0;
  for (const [name, bodies] of world.queues) {
    for (const body of bodies.splice(0)) {
      await work(world, name, body);
      count += 1;
    }
  }
  return count;
};

/** A look that something asks for by the rule of the bus or the like. */
export const look = async (
  world: CostWorld,
  customer_id: string,
  connection_id: string,
  reason: string,
): Promise<void> => {
  const asked_at = new Date().toISOString();
  await work(world, "check-connection", JSON.stringify({ customer_id, connection_id, reason, asked_at }));
};
