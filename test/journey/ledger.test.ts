/** The lists of sessions and of customers, and links that the backend withdraws. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { expectAgreement } from "../support/agreement.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  comeBack,
  connect,
  createCustomer,
  reachCallback,
  readReturn,
  readSession,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { expireSession } from "../support/table.ts";
import { bringCode, problemOf, signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const cancel = (customer: TestCustomer, sessionId: string): Promise<Answer> =>
  callBackend(`${customer.path}/connect-sessions/${sessionId}`, { method: "DELETE" });

/** The customer's sessions, page by page. */
const listSessions = async (customer: TestCustomer, limit = 50): Promise<schema.ConnectSession[]> => {
  const sessions: schema.ConnectSession[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const listed: Answer = await callBackend(`${customer.path}/connect-sessions?limit=${limit}${cursor}`);
    expect(listed.status).toBe(200);
    const page = listed.json<schema.ConnectSessionPage>();
    expect(page.connect_sessions.length).toBeLessThanOrEqual(limit);
    sessions.push(...page.connect_sessions);
    cursor = page.next_cursor === null ? null : `&cursor=${page.next_cursor}`;
  }
  return sessions;
};

describe.concurrent("the list of a customer's sessions", () => {
  it("has those that are open and how the others ended, newest first, each once", async () => {
    const [customer, other] = [await createCustomer(), await createCustomer()];
    const open = await startSession(customer);
    const { session: completed, connectionId } = await connect(customer);
    const cancelled = await startSession(customer);
    expect((await cancel(customer, cancelled.session_id)).status).toBe(204);
    const expired = await startEmbedded(customer);
    await expireSession(expired.session_id);
    await startSession(other);
    const expected = [
      [expired.session_id, "expired"],
      [cancelled.session_id, "cancelled"],
      [completed.session_id, "completed"],
      [open.session_id, "open"],
    ];
    for (const limit of [1, 2, 50]) {
      const listed = await listSessions(customer, limit);
      expect(listed.map((each) => [each.session_id, each.status])).toEqual(expected);
      for (const each of listed) expect(each).toEqual(await readSession(customer, each.session_id));
    }
    const text = JSON.stringify(await listSessions(customer));
    for (const secret of [open.connect_url, expired.state, expired.finch_session_id])
      expect(text).not.toContain(secret);
    expect((await listSessions(customer)).find((each) => each.status === "completed")?.connection_id).toBe(
      connectionId,
    );
  });
});

describe.concurrent("cancelling a session", () => {
  it("ends its link and every opening, and does so again without a word", async () => {
    const customer = await createCustomer();
    const [session, browser] = [await startSession(customer), createBrowser()];
    const callback = await reachCallback(browser, session);
    expect((await cancel(customer, session.session_id)).status).toBe(204);
    expect((await cancel(customer, session.session_id)).status).toBe(204);
    expect((await browser.open(session.connect_url)).status).toBe(410);
    expect((await comeBack(browser, callback)).status).toBe(400);
    const ended = await readSession(customer, session.session_id);
    expect(ended).toMatchObject({ status: "cancelled", connection_id: null, failure_reason: null });
    expect(ended.ended_at).not.toBeNull();
    await expectAgreement({ customers: [customer] });
  });

  it("ends an embedded one's state", async () => {
    const customer = await createCustomer();
    const session = await startEmbedded(customer);
    const brought = await signInEmbedded(session);
    expect((await cancel(customer, session.session_id)).status).toBe(204);
    expect(problemOf(await bringCode(customer, brought))).toBe("invalid_state");
    await expectAgreement({ customers: [customer] });
  });

  it("is too late for one that has ended", async () => {
    const customer = await createCustomer();
    const { session, connectionId } = await connect(customer);
    const expired = await startSession(customer);
    await expireSession(expired.session_id);
    for (const { session_id: sessionId } of [session, expired]) {
      const before = await readSession(customer, sessionId);
      const refused = await cancel(customer, sessionId);
      expect([refused.status, problemOf(refused)]).toEqual([409, "session_ended"]);
      expect(await readSession(customer, sessionId)).toEqual(before);
    }
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
  });

  it("is too late while the code is being exchanged", async () => {
    const customer = await createCustomer();
    const [session, browser] = [await startSession(customer), createBrowser()];
    const callback = await reachCallback(browser, session);
    const exchanging = withFault({ callback }, { kind: "delay", ms: 10_000 }, () => comeBack(browser, callback));
    while ((await readSession(customer, session.session_id)).status === "open") await sleep(50);
    const refused = await cancel(customer, session.session_id);
    expect([refused.status, problemOf(refused)]).toEqual([409, "exchange_in_progress"]);
    expect(readReturn(await exchanging)["status"]).toBe("connected");
    const ended = await awaitEnd(customer, session.session_id);
    await readBack(customer, ended.connection_id ?? "", { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer] });
  });
});

describe.concurrent("the list of customers", () => {
  it("has each once, newest first, page by page", async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await createCustomer()).id);
    const seen: schema.Customer[] = [];
    // Other tests make customers meanwhile: those are newer, and not on the pages that follow the first.
    for (let cursor = ""; !made.every((id) => seen.some((each) => each.customer_id === id)); ) {
      const listed = await callBackend(`/v1/customers?limit=2${cursor}`);
      const page = listed.json<schema.CustomerPage>();
      expect(page.customers.length).toBeLessThanOrEqual(2);
      seen.push(...page.customers);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(seen.map((each) => each.customer_id).filter((id) => made.includes(id))).toEqual(made);
    expect(new Set(seen.map((each) => each.customer_id)).size).toBe(seen.length);
    const times = seen.map((each) => each.created_at);
    expect(times).toEqual(times.toSorted().toReversed());
    const one = seen.find((each) => each.customer_id === made[0]);
    expect((await callBackend(`/v1/customers/${made[0]}`)).json()).toEqual(one);
  });
});
