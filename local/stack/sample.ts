import { setTimeout as sleep } from "node:timers/promises";
import { completeConnect } from "../finch/drive-connect.ts";
import type { ApiClient } from "./api-client.ts";
import { createBrowser } from "./cookie-jar.ts";
import { Refusal, tail } from "./refusal.ts";

/** The first customer, and the providers that it connects. */
export const sampleCustomer = "acme";
const sampleProviders = ["gusto", "bamboo_hr"] as const;
const products = ["company", "directory", "individual", "employment"];

/** A connection as the API lists it, as far as it is shown here. */
export interface ListedConnection {
  readonly connection_id: string;
  readonly provider_id: string;
  readonly status: string;
  readonly entities: readonly unknown[];
  readonly products: readonly string[];
}

interface NewSession {
  readonly session_id: string;
  readonly connect_url: string;
}

const path = `/v1/customers/${sampleCustomer}`;

/** The sample customer's connections. */
export const listConnections = async (api: ApiClient): Promise<readonly ListedConnection[]> =>
  (await api.call<{ connections: readonly ListedConnection[] }>("GET", `${path}/connections`)).connections;

/** Creates the sample customer, or writes the same once more. */
export const putCustomer = (api: ApiClient): Promise<unknown> =>
  api.call("PUT", path, { name: "Acme Bakery", email: "payroll@acme.example" });

/** Starts a Connect session of the sample customer. */
export const startSession = (api: ApiClient): Promise<NewSession> =>
  api.call<NewSession>("POST", `${path}/connect-sessions`, { products });

/** Makes a link to the sample customer's connections page; it works for an hour, once. */
export const startPageSession = async (api: ApiClient): Promise<string> =>
  (await api.call<{ url: string }>("POST", `${path}/page-sessions`, { link_minutes: 60 })).url;

/**
 * Lets the sample customer connect those of its providers that are not connected yet, as a backend and a browser would.
 *
 * @returns how many were connected now.
 * @throws Refusal that says at which step it ended.
 */
export const connectSample = async (api: ApiClient): Promise<number> => {
  await putCustomer(api);
  const connected = new Set((await listConnections(api)).map((connection) => connection.provider_id));
  const missing = sampleProviders.filter((provider) => !connected.has(provider));
  for (const provider of missing) await connectProvider(api, provider);
  return missing.length;
};

const connectProvider = async (api: ApiClient, provider: string): Promise<void> => {
  const { session_id: sessionId, connect_url: connectUrl } = await startSession(api);
  const browser = createBrowser();
  const opened = await browser.open(connectUrl);
  const toFinch = opened.headers.get("location");
  if (toFinch === null) throw await unexpected("Opening the Connect link", opened);
  const callback = await completeConnect({ connectUrl: toFinch, provider });
  const received = await browser.open(callback);
  if (received.status >= 400) throw await unexpected("Coming back from Connect", received);
  // A browser would show the page that waits; whether it ended well, only the session says.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const session = await api.call<{ status: string }>("GET", `${path}/connect-sessions/${sessionId}`);
    if (session.status === "completed") return;
    if (session.status !== "exchanging" && session.status !== "open") {
      throw new Refusal(`The sample connection to ${provider} ended as ${session.status}.`);
    }
    await sleep(100);
  }
  throw new Refusal(`The sample connection to ${provider} is not complete after ten seconds.`);
};

const unexpected = async (what: string, response: Response): Promise<Refusal> =>
  new Refusal(`${what} was answered with ${response.status}.`, tail(await response.text()));
