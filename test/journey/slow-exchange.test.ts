/** Finch takes longer for a token than the gateway waits: the browser waits on a page, and the connection is made anyway. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  comeBack,
  createCustomer,
  reachCallback,
  readReturn,
  readSession,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { countKinds, itemsAbout } from "../support/table.ts";
import { bringCode, codeOf, signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const gatewayLimitMs = 29_000;

const expectWaitingPage = (answer: Answer, customer: TestCustomer) => {
  expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/http-equiv="refresh"/)]);
  expect(answer.text).not.toContain(customer.id);
  expect(answer.text).not.toContain(customer.name);
};

it.concurrent("40 s: the callback leads to the page that waits within 29 s, and the session completes", async () => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session);
  let waitedMs = 0;
  const comeBackSlowly = async () => {
    const since = performance.now();
    const came = await browser.open(callback);
    waitedMs = performance.now() - since;
    return came;
  };
  const answer = await withFault({ callback }, { kind: "delay", ms: 40_000 }, comeBackSlowly);
  expect(waitedMs).toBeLessThan(gatewayLimitMs);
  expect(answer.location?.pathname).toBe(`/connect/pending/${session.session_id}`);
  const pending = answer.location ?? "";
  expectWaitingPage(await browser.open(pending), customer);
  expect(await readSession(customer, session.session_id)).toMatchObject({ status: "exchanging" });

  const ended = await awaitEnd(customer, session.session_id, 60);
  expect(ended).toMatchObject({ status: "completed", failure_reason: null });
  expect(readReturn(await browser.open(pending))).toMatchObject({ connection_id: ended.connection_id });
  const described = await readBack(customer, ended.connection_id ?? "", { provider: "gusto", company: customer.name });
  expect(described.tokens).toHaveLength(1);
});

it.concurrent("40 s, embedded: the backend is told where to look, and the session completes", async () => {
  const customer = await createCustomer();
  const session = await startEmbedded(customer);
  const brought = await signInEmbedded(session);
  const bring = () => callBackend(`${customer.path}/connections`, codeOf(brought));
  const answer = await withFault(brought, { kind: "delay", ms: 40_000 }, bring);
  expect([answer.status, answer.json()]).toEqual([202, { session_id: session.session_id }]);
  expect(answer.location?.pathname).toBe(`${customer.path}/connect-sessions/${session.session_id}`);
  expect(await readSession(customer, session.session_id)).toMatchObject({ status: "exchanging" });
  expect((await bringCode(customer, brought)).status).toBe(202);

  const ended = await awaitEnd(customer, session.session_id, 60);
  const late = await bringCode(customer, brought);
  expect([late.status, late.json()]).toMatchObject([201, { connection_id: ended.connection_id }]);
  await readBack(customer, ended.connection_id ?? "", { provider: "gusto", company: customer.name });
  await expectAgreement({ customers: [customer] });
});

it.concurrent("while it runs, its browser is led to the page that waits; a stranger is told nothing", async () => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const [browser, other] = [createBrowser(), createBrowser()];
  const late = await reachCallback(other, session);
  const callback = await reachCallback(browser, session);
  const exchanging = withFault({ callback }, { kind: "delay", ms: 20_000 }, () => comeBack(browser, callback));
  while ((await readSession(customer, session.session_id)).status === "open") await sleep(100);

  const pending = `/connect/pending/${session.session_id}`;
  const opened = await browser.open(session.connect_url);
  expect(opened.location?.pathname).toBe(pending);
  expectWaitingPage(await browser.open(pending), customer);
  // The same tab reloaded, or sent twice: in progress, and no second exchange.
  expect((await browser.open(callback)).location?.pathname).toBe(pending);

  for (const stranger of [createBrowser(), createBrowser("C".repeat(43)), other]) {
    for (const url of [session.connect_url, pending]) {
      const answer = await stranger.open(url);
      expect([answer.status, answer.text]).toEqual([410, expect.stringContaining("Ask for a new link")]);
      expect(answer.text).not.toContain(customer.name);
      expect(answer.text).not.toContain(customer.id);
    }
  }
  // The exchange has ended all other openings.
  expect((await comeBack(other, late)).status).toBe(400);
  expect(await readSession(customer, session.session_id)).toMatchObject({ status: "exchanging" });

  expect(readReturn(await exchanging)["status"]).toBe("connected");
  const ended = await awaitEnd(customer, session.session_id);
  expect(countKinds(await itemsAbout(`TOKENS#${customer.id}`))).toEqual({ TOKEN: 1 });
  await readBack(customer, ended.connection_id ?? "", { provider: "gusto", company: customer.name });
});
