/** What comes from Finch, from the platform's backend and from the clock, and is counted apart. */
import { headersOf, signWebhook } from "../support/signed-webhook.ts";
import { type createCustomer, publishEvents, workOffQueues } from "./customer.ts";
import { type Count, difference, nothing, times, type Usage } from "./usage.ts";
import type { CostWorld } from "./world.ts";

type Customer = Awaited<ReturnType<typeof createCustomer>>;
type ConnectionPath = { readonly customer_id: string; readonly connection_id: string };

/** How many of the sweep's looks are under way at a time (`shared/connection/try-connections.ts`). */
const looksAtOnce = 5;
/** How many secrets are listed at a time (`shared/secrets-manager/secret-inventory.ts`). */
const secretsAPage = 100;

/** Finch's webhook about a connection that is as Perch knows it: what it costs to find that out. */
export const countWebhook = async (world: CostWorld, connectionId: string, count: Count) => {
  const { host, webhookSecret } = world;
  const body = { event_type: "account.updated", connection_id: connectionId, data: { status: "connected" } };
  const send = () => {
    const webhook = signWebhook([webhookSecret], body);
    return host.request("receive-finch-webhook", 204, { headers: headersOf(webhook), body: webhook.body.toString() });
  };
  await send();
  await workOffQueues(world);
  return {
    "webhook acknowledged": await count(send),
    "webhook worked on": await count(() => workOffQueues(world)),
  };
};

/** A token that the platform has from before. */
export const countImport = async ({ finch, host }: CostWorld, customer: Customer, count: Count): Promise<Usage> => {
  const bringToken = async (company: string) => {
    const minted = await fetch(`${finch.url}/_control/tokens`, {
      method: "POST",
      body: JSON.stringify({ provider: "gusto", company }),
    });
    const { access_token } = (await minted.json()) as { readonly access_token: string };
    return { path: customer.path, body: { access_token } };
  };
  await host.request("create-connection", 201, await bringToken("Initech 3"));
  const token = await bringToken("Initech 4");
  return count(() => host.request("create-connection", 201, token));
};

/** The request, the driver, and the event at the end. */
export const countDisconnect = async (
  world: CostWorld,
  warm: ConnectionPath,
  path: ConnectionPath,
  count: Count,
): Promise<Usage> => {
  const end = async (ended: ConnectionPath) => {
    await world.host.request("delete-connection", 202, { path: ended });
    await workOffQueues(world);
    await publishEvents(world);
    const { statusCode } = await world.host.request("get-connection", 404, { path: ended });
    return statusCode;
  };
  await publishEvents(world);
  await end(warm);
  // That it is gone was asked by us.
  const asked = await count(() => world.host.request("get-connection", 404, { path: warm }));
  return difference(await count(() => end(path)), asked);
};

/** The runs of every five minutes: what they use without work, and what a look of a healthy connection adds. */
export const countSweeps = async (world: CostWorld, count: Count): Promise<{ look: Usage; idle: Usage }> => {
  const { host } = world;
  await publishEvents(world);
  await workOffQueues(world);
  await host.invoke("sweep-due", {});
  await host.invoke("sweep-checks", {});
  const dueWithout = await count(() => host.invoke("sweep-due", {}));
  const checksWithout = await count(() => host.invoke("sweep-checks", {}));
  const due = await world.letAllBeDue();
  const looked = difference(await count(() => host.invoke("sweep-checks", {})), checksWithout);
  const each = times(looked, 1 / due);
  return {
    look: { ...each, finchMs: each.finchMs / looksAtOnce, lambdaMs: each.lambdaMs / looksAtOnce },
    idle: sumOf(dueWithout, checksWithout),
  };
};

const sumOf = (a: Usage, b: Usage): Usage => difference(a, times(b, -1));

/** What the daily sweep of secrets adds for each secret; nothing where there are none. */
export const countSecretSweep = async (world: CostWorld, count: Count): Promise<Usage> => {
  const { host } = world;
  if (process.env["TOKEN_SECRET_PREFIX"] === undefined) return nothing;
  const message = { Records: [{ messageId: "8d3c7e0a-6a52-4f8f-9b0e-0f6e4f3c2b1a", body: "{}" }] };
  await host.invoke("sweep-secrets", message);
  const run = await count(() => host.invoke("sweep-secrets", message));
  const gets = host.lastAsked("sweep-secrets").calls.filter((call) => call === "dynamodb.GetItem").length;
  const each = times(run, 1 / gets);
  return { ...each, invocations: 0, logBytes: 0, secretRequests: 1 / secretsAPage };
};
