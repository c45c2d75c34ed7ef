/** The exchange function's process is killed while Finch works on its answer: the token is lost, and everybody is told. */
import { expect, it } from "vitest";
import { send } from "../support/api.ts";
import { cookieName, createBrowser } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { breachesOf, listen } from "../support/events.ts";
import { awaitLateAnswer, withFault } from "../support/finch-faults.ts";
import { findFunctionProcess } from "../support/function-processes.ts";
import { invoke } from "../support/functions.ts";
import {
  awaitEnd,
  connect,
  createCustomer,
  reachCallback,
  readReturn,
  readSession,
  startSession,
} from "../support/journey.ts";
import { countKinds, endLease, itemsAbout } from "../support/table.ts";

const bus = listen();

it("a killed exchange stays in progress until the sweep gives it up, and the customer connects anew", async () => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session);
  const answer = await withFault({ callback }, { kind: "delay", ms: 30_000 }, async () => {
    const answering = send(callback, { headers: { cookie: `${cookieName}=${browser.cookie()}` }, mayFail: true });
    process.kill(findFunctionProcess("exchange-authorization-code", await awaitLateAnswer(callback)), "SIGKILL");
    return answering;
  });
  // A page that goes on by itself: it opens the callback again, and is led to the page that waits.
  expect([answer.status, answer.text]).toEqual([503, expect.stringMatching(/http-equiv="refresh"/)]);
  expect(answer.text).not.toContain(customer.name);
  const pending = await browser.open(callback);
  expect(pending.location?.pathname).toBe(`/connect/pending/${session.session_id}`);
  expect(await readSession(customer, session.session_id)).toMatchObject({ status: "exchanging" });

  // A sweep within the lease leaves it alone; one that finds the lease over gives it up.
  await invoke("sweep-due");
  expect(await readSession(customer, session.session_id)).toMatchObject({ status: "exchanging" });
  await endLease(session.session_id, 2);
  await invoke("sweep-due");
  const ended = await awaitEnd(customer, session.session_id);
  expect(ended).toMatchObject({ status: "failed", failure_reason: "token_lost", connection_id: null });
  const events = await bus.of(customer.id, 1);
  expect(events).toMatchObject([
    { "detail-type": "ConnectSessionFailed", detail: { reason: "token_lost", subject: { id: session.session_id } } },
  ]);
  expect(events.flatMap(breachesOf)).toEqual([]);
  expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1, SESSION: 1 });

  // The waiting browser learns of it, and the customer connects once more.
  expect(readReturn(await browser.open(callback))).toEqual({ session_id: session.session_id, status: "failed" });
  const { connectionId } = await connect(customer, { browser });
  await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
});
