import { createHmac, randomUUID } from "node:crypto";
import { completeConnect } from "../../finch/drive-connect.ts";
import { createBrowser } from "../../stack/cookie-jar.ts";
import { Refusal } from "../../stack/refusal.ts";
import type { Finding } from "../finding.ts";
import { type Asking, putUnderLoad, toLoadFindings } from "../load.ts";
import type { StackMeasurement } from "../measurement.ts";
import type { World } from "../world.ts";

const products = ["company", "directory"];
const levels = [1, 8] as const;

/** The API under load, beside bare calls of the emulated DynamoDB. */
export const load: StackMeasurement = {
  kind: "stack",
  name: "load",
  what: "requests a second and how long they take, one and eight at once",
  async measure(world, { rounds, steps, signal }) {
    const path = await world.createCustomer();
    const customerId = path.slice(path.lastIndexOf("/") + 1);
    const key = { pk: `CUSTOMER#${customerId}`, sk: "CUSTOMER" };
    const bare = { name: "bare read of an item", ask: () => world.table.read(key) };
    const askings = await prepare(world, path);
    const findings: Finding[] = [];
    for (const atOnce of levels) {
      const count = rounds * 4 * atOnce;
      await putUnderLoad(bare.ask, atOnce, atOnce);
      const baseline = { name: bare.name, load: await putUnderLoad(bare.ask, count, atOnce) };
      for (const asking of askings) {
        signal.throwIfAborted();
        await steps.step(`${asking.name}, ${atOnce} at once`, async () => {
          // Functions start in it, as many as are asked for at once.
          await putUnderLoad(asking.ask, 2 * atOnce, atOnce);
          const asked = asking.name === "connect" ? Math.ceil(count / 4) : count;
          findings.push(...toLoadFindings(asking, atOnce, await putUnderLoad(asking.ask, asked, atOnce), baseline));
        });
      }
    }
    return findings;
  },
};

const prepare = async (world: World, path: string): Promise<readonly Asking[]> => {
  const { api } = world;
  for (let made = 0; made < 5; made += 1) await connectOnce(world, path, `Bakery ${made}`);
  const { connections } = await api.call<{ connections: readonly { readonly connection_id: string }[] }>(
    "GET",
    `${path}/connections`,
  );
  const connectionId = connections[0]?.connection_id ?? "";
  const webhookSecret = await world.readWebhookSecret();
  let bakeries = 5;
  return [
    {
      name: "list",
      what: "a list of 5 or more connections",
      ask: () => api.call("GET", `${path}/connections?limit=5`),
    },
    { name: "get", what: "one connection", ask: () => api.call("GET", `${path}/connections/${connectionId}`) },
    {
      name: "create-connect-session",
      what: "a new Connect session",
      ask: () => api.call("POST", `${path}/connect-sessions`, { products }),
    },
    {
      name: "webhook",
      what: "a signed webhook of Finch's, until it is acknowledged",
      ask: () => sendWebhook(new URL("/webhooks/finch", world.credentials.apiUrl), webhookSecret, connectionId),
    },
    {
      name: "connect",
      what: "a whole connect, from a new customer to the connection, the simulated Finch's pages included",
      ask: async () => {
        bakeries += 1;
        await connectOnce(world, await world.createCustomer(), `Bakery ${bakeries} of ${randomUUID()}`);
      },
    },
  ];
};

/** A backend and a browser go through Connect. @throws Refusal when it does not end in a connection. */
const connectOnce = async ({ api }: World, path: string, company: string): Promise<void> => {
  const session = await api.call<{ connect_url: string }>("POST", `${path}/connect-sessions`, { products });
  const browser = createBrowser();
  const opened = await browser.open(session.connect_url);
  const connectUrl = opened.headers.get("location");
  if (connectUrl === null) throw new Refusal(`The link answered ${opened.status}.`);
  const back = await browser.open(await completeConnect({ connectUrl, provider: "gusto", company }));
  const page = await back.text();
  if (back.status !== 200 || !page.includes("You are connected"))
    throw new Refusal(`The callback answered ${back.status}.`);
};

/** Signs as Finch documents it. */
const sendWebhook = async (url: URL, secret: string, connectionId: string): Promise<void> => {
  const body = JSON.stringify({ event_type: "account.updated", connection_id: connectionId, data: {} });
  const [eventId, timestamp] = [`msg_${randomUUID()}`, `${Math.floor(Date.now() / 1_000)}`];
  const mac = createHmac("sha256", Buffer.from(secret, "base64")).update(`${eventId}.${timestamp}.${body}`);
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "finch-event-id": eventId,
      "finch-timestamp": timestamp,
      "finch-signature": `v1,${mac.digest("base64")}`,
    },
    body,
  });
  if (answer.status !== 204) throw new Refusal(`The webhook was answered ${answer.status}.`);
};
