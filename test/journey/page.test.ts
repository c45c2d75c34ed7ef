/** The connections page, as its script uses it: connect, look, keep both, remove; and Connect inside the page. */
import { describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { awaitLook, pathOf } from "../support/connections.ts";
import { controlFinch } from "../support/finch.ts";
import { awaitDisconnected, awaitEntityEnded } from "../support/functions.ts";
import { comeBack, connect, createCustomer, signIn } from "../support/journey.ts";
import { type OpenedPage, openPage } from "../support/page.ts";
import { patience } from "../support/patience.ts";
import { readStack } from "../support/stack.ts";
import { bringCode, problemOf, signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const view = async (page: OpenedPage): Promise<schema.PageView> => {
  const answer = await page.call("GET", "/page/view?limit=500");
  expect(answer.status, answer.text).toBe(200);
  return answer.json<schema.PageView>();
};

/** Follows a link that the page was given, through Connect and back. */
const goThroughConnect = async (connectUrl: string | null) => {
  const browser = createBrowser();
  const opened = await browser.open(connectUrl ?? "");
  if (opened.location === undefined) throw new Error("the link leads nowhere");
  return comeBack(browser, await signIn(opened.location));
};

describe.concurrent("the connections page", () => {
  it("names its customer, connects from nothing, and is where the browser comes back to", async () => {
    const customer = await createCustomer();
    const page = await openPage(customer, { return_url: "http://localhost:3000/settings", language: "es" });
    expect(page.session).toMatchObject({ return_url: "http://localhost:3000/settings", language: "es" });
    expect(await view(page)).toMatchObject({ customer: { name: customer.name, connection_count: 0 }, connections: [] });

    const started = await page.call("POST", "/page/connect-sessions", { json: {} });
    expect(started.status, started.text).toBe(201);
    const { session_id: sessionId, connect_url: connectUrl } = started.json<schema.PageConnect>();
    const back = await goThroughConnect(connectUrl);
    expect(`${back.location?.origin}${back.location?.pathname}`).toBe(`${readStack().apiUrl}/page`);
    const result = await page.call("GET", `/page/connect-sessions/${back.location?.searchParams.get("session_id")}`);
    expect(result.json()).toMatchObject({ session_id: sessionId, status: "completed", outcome: "connected" });
    const { connection_id: connectionId } = result.json<schema.PageConnectResult>();
    await awaitLook(customer, String(connectionId));
    const audit = await callBackend(`${customer.path}/audit`);
    const acts = audit.json<schema.AuditPage>().audit.filter(({ caller }) => caller.startsWith("page:"));
    expect(acts.map(({ action }) => action)).toEqual(["connect_session_created", "page_link_opened"]);
    const { connections } = await view(page);
    expect(connections).toMatchObject([
      { connection_id: connectionId, provider_name: "Gusto", status: "connected", username: expect.any(String) },
    ]);
  });

  it("reconnects what the provider has signed out", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    await awaitLook(customer, connectionId);
    const page = await openPage(customer);
    await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
    expect((await page.call("POST", `/page/connections/${connectionId}/check`)).status).toBe(202);
    const status = async () =>
      (await page.call("GET", `/page/connections/${connectionId}`)).json<schema.PageConnection>().status;
    await vi.waitFor(async () => expect(await status()).toBe("reauth"), patience);
    const started = await page.call("POST", `/page/connections/${connectionId}/reauthenticate-sessions`);
    const back = await goThroughConnect(started.json<schema.PageConnect>().connect_url);
    expect(back.location?.searchParams.get("status")).toBe("reconnected");
    await vi.waitFor(async () => expect(await status()).toBe("connected"), patience);
  });

  it("removes one employer, then the whole connection, after it has shown what falls", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { username: "multi_entity", entities: "all" });
    await awaitLook(customer, connectionId);
    const page = await openPage(customer);
    const path = `/page/connections/${connectionId}`;
    const preview = async () =>
      (await page.call("GET", `${path}/disconnect-preview`)).json<schema.PageDisconnectPreview>();
    const first = await preview();
    const [entity] = first.entities;
    expect(first.entities.length).toBeGreaterThan(1);
    expect((await page.call("DELETE", `${path}/entities/${entity?.id}`)).status).toBe(202);
    await awaitEntityEnded(customer, connectionId, String(entity?.id));
    // Fewer would fall by now than were shown.
    const stale = await page.call("DELETE", `${path}?version=${first.version}`);
    expect([stale.status, problemOf(stale)]).toEqual([409, "connection_changed"]);
    await vi.waitFor(async () => {
      const { version, entities } = await preview();
      expect(entities).toHaveLength(first.entities.length - 1);
      expect((await page.call("DELETE", `${path}?version=${version}`)).status).toBe(202);
    }, patience);
    await awaitDisconnected(customer, connectionId);
    expect((await view(page)).connections).toEqual([]);
  });

  it("refuses a second connection to a customer that may have one", async () => {
    const customer = await createCustomer("single");
    await connect(customer);
    const page = await openPage(customer);
    const refused = await page.call("POST", "/page/connect-sessions", { json: {} });
    expect([refused.status, problemOf(refused)]).toEqual([409, "connection_limit_reached"]);
  });

  it("ends with its customer", async () => {
    const customer = await createCustomer();
    const page = await openPage(customer);
    await callBackend(customer.path, { method: "DELETE" });
    expect((await page.call("GET", "/page/view")).status).toBe(401);
  });

  it("brings no code of a session that it has not started itself", async () => {
    const customer = await createCustomer();
    const page = await openPage(customer);
    const brought = await signInEmbedded(await startEmbedded(customer));
    const refused = await page.call("POST", "/page/connections", {
      json: { authorization_code: brought.code, state: brought.state },
    });
    expect([refused.status, problemOf(refused)]).toEqual([400, "invalid_state"]);
    // Nothing was changed: the backend, whose session it is, still brings it.
    const connected = await bringCode(customer, brought);
    expect(connected.status).toBe(201);
    const { connection_id: connectionId } = connected.json<schema.Connection>();
    expect((await callBackend(pathOf(customer, connectionId))).status).toBe(200);
  });
});
