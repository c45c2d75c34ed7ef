/** Journeys that end well and badly, with every secret on the way noted, and every reply that came. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { type Answer, callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { introspect, listConnections, pathOf } from "../support/connections.ts";
import type { Execution } from "../support/executions.ts";
import { mintToken } from "../support/finch.ts";
import { type FinchFault, withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  createCustomer,
  type LinkedSession,
  reachCallback,
  type SignIn,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import {
  bringCode,
  codeOf,
  importToken,
  signInEmbedded,
  startEmbedded,
  startReauthentication,
} from "../support/ways-in.ts";

/** What the journeys found out that nobody else may, and what they were answered. */
export interface Harvest {
  readonly secrets: Record<string, string>;
  /** Numbers and addresses of people, shorter than secrets are. */
  readonly people: Record<string, string>;
  readonly answers: Answer[];
  readonly sessionIds: string[];
  /** What Step Functions keeps of rosters. */
  readonly executions: Execution[];
}

/** One way through Connect. */
interface Travel {
  readonly customer: TestCustomer;
  /** Its secrets are noted under this name. */
  readonly name: string;
  readonly fault: FinchFault;
  readonly who?: SignIn;
}

const noteFor =
  ({ secrets }: Harvest, name: string) =>
  (what: string, value: string | null | undefined) => {
    secrets[`${name}: ${what}`] = value ?? "";
  };

const noteToken = (harvest: Harvest, { name, fault }: Travel): void => {
  const accessToken = fault.body?.["access_token"];
  if (typeof accessToken === "string") noteFor(harvest, name)("access token", accessToken);
};

/** Goes through a link, with a fault at Finch; how the session ended. */
const travel = async (harvest: Harvest, way: Travel, started?: LinkedSession): Promise<string> => {
  const { customer, fault, who } = way;
  const session = started ?? (await startSession(customer));
  const browser = createBrowser();
  const callback = await reachCallback(browser, session, who);
  const note = noteFor(harvest, way.name);
  note("ticket", session.connect_url.split("/").at(-1));
  note("cookie", browser.cookie());
  note("state", callback.searchParams.get("state"));
  note("code", callback.searchParams.get("code"));
  noteToken(harvest, way);

  const stranger = createBrowser();
  harvest.answers.push(await stranger.open(callback));
  harvest.answers.push(await withFault({ callback }, fault, () => browser.open(callback)));
  const ended = await awaitEnd(customer, session.session_id);
  harvest.answers.push(await browser.open(callback), await browser.open(session.connect_url));
  harvest.answers.push(await stranger.open(`/connect/pending/${session.session_id}`));
  return leave(harvest, customer, ended.session_id);
};

/** Goes through an embedded session, with a fault at Finch; how the session ended. */
const travelEmbedded = async (harvest: Harvest, way: Travel, stranger: TestCustomer): Promise<string> => {
  const { customer, fault, who } = way;
  const session = await startEmbedded(customer);
  const brought = await signInEmbedded(session, who);
  const note = noteFor(harvest, way.name);
  note("state", brought.state);
  note("code", brought.code);
  noteToken(harvest, way);

  harvest.answers.push(await bringCode(stranger, brought));
  const bring = () => callBackend(`${customer.path}/connections`, { ...codeOf(brought), mayFail: true });
  harvest.answers.push(await withFault(brought, fault, bring), await bring());
  harvest.answers.push(await bringCode(customer, { code: `${brought.code}-other`, state: brought.state }));
  return leave(harvest, customer, session.session_id);
};

const leave = async (harvest: Harvest, customer: TestCustomer, sessionId: string): Promise<string> => {
  harvest.sessionIds.push(sessionId);
  const read = await callBackend(`${customer.path}/connect-sessions/${sessionId}`);
  harvest.answers.push(read, await callBackend(`${customer.path}/connect-sessions`));
  const { failure_reason: reason, status } = read.json<{ failure_reason: string | null; status: string }>();
  return reason ?? status;
};

const createAccessToken = () => `canary-${randomBytes(32).toString("hex")}`;
const withToken = (body: object = {}): FinchFault => ({
  kind: "override",
  body: { access_token: createAccessToken(), ...body },
});

/** Through links and embedded sessions, in every way that they can end; and through a reauthentication. */
export const travelAround = async (harvest: Harvest): Promise<readonly TestCustomer[]> => {
  const [customer, rival] = [await createCustomer(), await createCustomer()];
  const company = { company: customer.name };
  const good = await travel(harvest, { customer, name: "good", fault: withToken(), who: company });
  expect(good).toBe("completed");
  const ends = {
    connection_conflict: { fault: withToken(), who: company },
    wrong_client_type: { fault: withToken({ client_type: "production" }) },
    token_too_large: { fault: withToken({ access_token: createAccessToken().repeat(60) }) },
    token_lost: { fault: { kind: "unreadable" } },
    invalid_grant: { fault: { kind: "invalid_grant_error" } },
    finch_refused: { fault: { kind: "invalid_client_error" } },
  };
  for (const [reason, way] of Object.entries(ends)) {
    expect(await travel(harvest, { customer: rival, name: reason, ...way })).toBe(reason);
    const fault = reason === "token_lost" ? { kind: "answer_lost" } : way.fault;
    const embedded = { customer: rival, name: `embedded ${reason}`, ...way, fault };
    expect(await travelEmbedded(harvest, embedded, customer)).toBe(reason);
  }
  const embedded = { customer, name: "embedded", fault: withToken(), who: { provider: "bamboo_hr" } };
  expect(await travelEmbedded(harvest, embedded, rival)).toBe("completed");

  // Finch does not know the token that it is said to have issued: the connection needs its customer.
  const [connection] = await listConnections(customer, "provider_id=gusto");
  const connectionId = connection?.connection_id ?? "";
  expect(await introspect(customer, connectionId)).toMatchObject({ status: "reauth" });
  const again = await startReauthentication(customer, connectionId);
  const signedIn = { customer, name: "reauthentication", fault: withToken() };
  expect(await travel(harvest, signedIn, again)).toBe("completed");
  harvest.answers.push(await callBackend(`${customer.path}/connections`));
  return [customer, rival];
};

/** Tokens that the platform brings itself, in every way that an import can end. */
export const importAround = async (harvest: Harvest): Promise<readonly TestCustomer[]> => {
  const [customer, rival] = [await createCustomer(), await createCustomer()];
  const mint = async (name: string, input: object = {}) => {
    const minted = await mintToken({ provider: "gusto", company: customer.name, ...input });
    noteFor(harvest, name)("access token", minted.accessToken);
    return minted;
  };
  const importMinted = async (name: string, input: object) =>
    importToken(customer, (await mint(name, input)).accessToken);
  const good = await mint("imported");
  const request = { json: { access_token: good.accessToken }, mayFail: true };
  for (const kind of ["server_error", "reset_before", "unreadable"]) {
    const bring = () => callBackend(`${customer.path}/connections`, request);
    harvest.answers.push(await withFault({ connectionId: good.connectionId, path: "/introspect" }, { kind }, bring));
  }
  const tooLong = createAccessToken().repeat(60);
  noteFor(harvest, "imported, too long")("access token", tooLong.slice(0, 71));
  const answers = [
    await importToken(customer, good.accessToken),
    await importToken(customer, good.accessToken),
    await importToken(rival, good.accessToken),
    await importMinted("imported, another application's", { client_id: crypto.randomUUID() }),
    await importMinted("imported, another environment's", { client_type: "production" }),
    await importMinted("imported, another customer's", { customer_id: rival.id, company: "X" }),
    await importToken(customer, tooLong),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 409, 400, 409, 409, 400]);
  const { connection_id: connectionId = "" } = answers[0]?.json<{ connection_id?: string }>() ?? {};
  const path = pathOf(customer, connectionId);
  // The one reply that is meant to carry a token; who was given it is told without it.
  const handedOut = await callBackend(`${path}/access-token`, { json: { products: ["company"], reason: "canary" } });
  expect(handedOut.json()).toMatchObject({ access_token: good.accessToken });
  const audit = await callBackend(`${customer.path}/audit`);
  expect(audit.text).toContain("canary");
  harvest.answers.push(audit, ...answers, await callBackend(path), await callBackend(path, { method: "DELETE" }));
  return [customer, rival];
};
