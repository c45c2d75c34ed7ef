/** What a customer does on its connections page, with what its browser asks for on the way; each was gone through once before. */
import { type createCustomer, publishEvents, workOffQueues } from "./customer.ts";
import type { Count, Usage } from "./usage.ts";
import { type CostWorld, publicUrl } from "./world.ts";

type Customer = Awaited<ReturnType<typeof createCustomer>>;

/**
 * The page, from its link to a removal. What follows by itself after a connect or a removal is a flow of its own: an event, a
 * look, the rest of a disconnect.
 */
export const countPage = async (
  world: CostWorld,
  customer: Customer,
  count: Count,
): Promise<Readonly<Record<string, Usage>>> => {
  await visit(world, customer, (_, act) => act(), "Initech 5");
  const flows: Record<string, Usage> = {};
  const note = async (name: string, act: () => Promise<void>) => {
    flows[name] = await count(act);
  };
  await visit(world, customer, note, "Initech 6");
  return flows;
};

/** One visit. `note` is told of each part, and runs it. */
const visit = async (
  world: CostWorld,
  customer: Customer,
  note: (name: string, act: () => Promise<void>) => Promise<void>,
  company: string,
): Promise<void> => {
  const { host } = world;
  let secret = "";
  let cookie = "";
  // Answers are counted as they are without gzip: how much that saves depends on names and ids.
  const headers: Record<string, string> = { origin: publicUrl, "sec-fetch-site": "same-origin" };
  const call = (name: string, status: number, route: string, more: Parameters<typeof host.request>[2] = {}) =>
    host.request(name, status, { route, headers, cookies: [cookie], ...more });
  const view = () => call("read-page", 200, "GET /page/view", { query: { limit: "500" } });

  await note("make a link to the page", async () => {
    const made = await host.request("create-page-session", 201, { path: customer.path });
    secret = new URL(JSON.parse(made.body).url).hash.slice(1);
  });
  await note("open the page, 20 connections", async () => {
    await call("serve-page", 200, "GET /page");
    const opened = await call("open-page-session", 201, "POST /page/sessions", { body: { link_secret: secret } });
    [cookie = ""] = (opened.cookies ?? []).map((each) => each.split(";", 1)[0] ?? "");
    headers["x-perch-page"] = JSON.parse(opened.body).page_session_id;
    await view();
  });
  let opened = { location: "", cookie: "" };
  let session = { session_id: "", connect_url: "" };
  await note("connect on the page: until Finch", async () => {
    const started = await call("start-page-connect", 201, "POST /page/connect-sessions", { body: {} });
    session = JSON.parse(started.body);
    opened = await customer.open(session);
  });
  const code = await customer.signIn(opened, company);
  let connectionId = "";
  await note("connect on the page: back from Finch", async () => {
    connectionId = await customer.comeBack(opened, code);
    await call("serve-page", 200, "GET /page");
    await view();
    const path = { session_id: session.session_id };
    await call("read-page", 200, "GET /page/connect-sessions/{session_id}", { path });
    await view();
  });
  await workOffQueues(world);
  await publishEvents(world);
  const path = { connection_id: connectionId };
  await note("remove on the page: preview, and the request", async () => {
    const route = "/page/connections/{connection_id}";
    const previewed = await call("change-page-connection", 200, `GET ${route}/disconnect-preview`, { path });
    const query = { version: String(JSON.parse(previewed.body).version) };
    await call("change-page-connection", 202, `DELETE ${route}`, { path, query });
  });
  await workOffQueues(world);
  await publishEvents(world);
};
