/** No token, code, secret, link or cookie is in a log, in the table, in an event or in an error reply. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { denyConnect } from "../../local/finch/drive-connect.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { readLogs, readSecrets } from "../support/aws.ts";
import { createBrowser } from "../support/browser.ts";
import { type FinchFault, withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  createCustomer,
  openLink,
  reachCallback,
  type SignIn,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { findSecrets } from "../support/scan-for-secrets.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { readTable } from "../support/table.ts";

/** What the journeys found out that nobody else may, and what they were answered. */
interface Harvest {
  readonly secrets: Record<string, string>;
  readonly answers: Answer[];
  readonly sessionIds: string[];
}

/** Goes through Connect with a fault at Finch; all secrets on the way are noted under this name. */
const travel = async (
  harvest: Harvest,
  customer: TestCustomer,
  name: string,
  fault: FinchFault,
  who: SignIn = {},
): Promise<string> => {
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session, who);
  const note = (what: string, value: string | null | undefined) => {
    harvest.secrets[`${name}: ${what}`] = value ?? "";
  };
  note("ticket", session.connect_url.split("/").at(-1));
  note("cookie", browser.cookie());
  note("state", callback.searchParams.get("state"));
  note("code", callback.searchParams.get("code"));
  const accessToken = fault.body?.["access_token"];
  if (typeof accessToken === "string") note("access token", accessToken);

  const stranger = createBrowser();
  harvest.answers.push(await stranger.open(callback));
  harvest.answers.push(await withFault(fault, () => browser.open(callback)));
  harvest.sessionIds.push(session.session_id);
  const ended = await awaitEnd(customer, session.session_id);
  harvest.answers.push(await browser.open(callback), await browser.open(session.connect_url));
  harvest.answers.push(await stranger.open(`/connect/pending/${session.session_id}`));
  harvest.answers.push(await callBackend(`${customer.path}/connect-sessions/${session.session_id}`));
  return ended.failure_reason ?? ended.status;
};

const createAccessToken = () => `canary-${randomBytes(32).toString("hex")}`;
const withToken = (body: object = {}): FinchFault => ({
  kind: "override",
  body: { access_token: createAccessToken(), ...body },
});

/** What a reply has besides what it is meant to carry: a redirect's address and a cookie for the browser. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "location" && name !== "set-cookie"),
});

const runJourneys = async (): Promise<Harvest> => {
  const harvest: Harvest = { secrets: {}, answers: [], sessionIds: [] };
  const { secrets, answers } = harvest;
  const { "client_id 0": _, ...finchSecrets } = await readSecrets();
  for (const [name, value] of Object.entries(finchSecrets)) secrets[`Finch ${name}`] = value;
  secrets["backend's client secret"] = readStack().clientSecret;
  secrets["backend's access token"] = await getApiToken();

  const [customer, rival] = [await createCustomer(), await createCustomer()];
  const company = { company: customer.name };
  const ends = {
    good: await travel(harvest, customer, "good", withToken(), company),
    taken: await travel(harvest, rival, "taken", withToken(), company),
    "another environment's": await travel(
      harvest,
      rival,
      "another environment's",
      withToken({ client_type: "production" }),
    ),
    "too large": await travel(harvest, rival, "too large", withToken({ access_token: createAccessToken().repeat(60) })),
    "answer lost": await travel(harvest, rival, "answer lost", { kind: "answer_lost" }),
    unreadable: await travel(harvest, rival, "unreadable", { kind: "unreadable" }),
    "not accepted": await travel(harvest, rival, "not accepted", { kind: "invalid_grant_error" }),
    "wrong secret": await travel(harvest, rival, "wrong secret", { kind: "invalid_client_error" }),
  };
  expect(ends).toEqual({
    good: "completed",
    taken: "connection_conflict",
    "another environment's": "wrong_client_type",
    "too large": "token_too_large",
    "answer lost": "token_lost",
    unreadable: "token_lost",
    "not accepted": "invalid_grant",
    "wrong secret": "finch_refused",
  });

  // Finch does not know the token that it is said to have issued: the connection needs its customer.
  const [connection] = (await callBackend(`${customer.path}/connections`)).json<{
    connections: { connection_id: string }[];
  }>().connections;
  const introspected = await callBackend(`${customer.path}/connections/${connection?.connection_id}/introspect`, {
    method: "POST",
  });
  expect(introspected.json()).toMatchObject({ status: "reauth" });
  answers.push(introspected, await callBackend(`${customer.path}/connections`));

  // What people put into the wrong place, and what comes back when it is refused.
  const misplaced = randomBytes(24).toString("hex");
  secrets["misplaced text"] = misplaced;
  const browser = createBrowser();
  const session = await startSession(customer);
  const denied = await denyConnect(await openLink(browser, session));
  denied.searchParams.set("error_description", misplaced);
  answers.push(await browser.open(denied));
  answers.push(await browser.open(`/connect/callback?state=${misplaced}&code=${misplaced}&error=${misplaced}`));
  answers.push(await browser.open(`/connect/${misplaced}`));
  answers.push(await callBackend(`${customer.path}/connections?cursor=${misplaced}`));
  answers.push(
    await callBackend(customer.path, { method: "PUT", json: { name: "x", email: misplaced, mode: misplaced } }),
  );
  answers.push(await callBackend(customer.path, { method: "PUT", body: `{"name":"${misplaced}` }));
  answers.push(await callBackend(`${customer.path}/connect-sessions`, { json: { products: [misplaced] } }));
  answers.push(
    await callBackend(`${customer.path}/connect-sessions`, {
      json: { products: ["company"], return_url: `https://evil.example/${misplaced}`, sandbox: misplaced },
    }),
  );
  answers.push(await callBackend(customer.path, { scopes: null, headers: { authorization: `Bearer ${misplaced}` } }));
  return harvest;
};

/** Everything that was logged since then, once it speaks of these sessions. */
const readLogsAbout = async (sessionIds: readonly string[], since: Date): Promise<readonly string[]> => {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; await sleep(500)) {
    const lines = await readLogs(since);
    if (sessionIds.every((id) => lines.some((line) => line.includes(id)))) return lines;
  }
  throw new Error("the functions' logs do not speak of all sessions");
};

describe("secrets", () => {
  it("are nowhere but where they belong, after journeys that ended well and badly", { timeout: 150_000 }, async () => {
    const since = new Date(Date.now() - 1_000);
    const { secrets, answers, sessionIds } = await runJourneys();
    const logs = await readLogsAbout(sessionIds, since);
    const table = await readTable();
    expect(table.filter((item) => item["sk"] === "EVENT").length).toBeGreaterThan(sessionIds.length);
    // Beside the stack's outputs are the logs of what it runs on, where the stack is a local one.
    const folder = join(dirname(process.env["PERCH_OUTPUTS"] ?? ""), "logs");
    const files = ["emulated-aws.log", "simulated-finch.log", "start.log"]
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, "utf8"));
    const places = { "the functions' logs": logs, "the table": table, replies: answers.map(told), "log files": files };

    expect(findSecrets(places, secrets)).toEqual([]);
    expect(Object.keys(secrets)).toContain("Finch client_secret 0");
    // What is no secret is found in each place: they were searched.
    const [sessionId = ""] = sessionIds;
    const found = findSecrets(places, { "a session's id": sessionId });
    for (const place of ["the functions' logs", "the table", "replies"]) {
      expect(found).toContain(`a session's id in clear in ${place}`);
    }
  });

  it("would be found, however they were written", () => {
    const secret = randomBytes(33).toString("base64url");
    const bytes = Buffer.from(secret);
    for (const planted of [
      secret,
      `{"deep":"${secret}"}`,
      bytes,
      { a: [{ b: Buffer.concat([Buffer.from("xy"), bytes]) }] },
      bytes.toString("base64"),
      `token=${Buffer.from(`Bearer ${secret}`).toString("base64")}`,
      Buffer.from(`{"t":"${secret}"}`).toString("base64url"),
      `log ${bytes.toString("hex")}`,
      { [secret]: 1 },
    ]) {
      expect(findSecrets({ somewhere: planted }, { canary: secret })).not.toEqual([]);
    }
    expect(findSecrets({ somewhere: [randomBytes(33).toString("base64url")] }, { canary: secret })).toEqual([]);
  });
});
