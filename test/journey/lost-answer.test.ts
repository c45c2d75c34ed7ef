/** Finch's answer to the exchange does not arrive: the token is either fetched after all, or its loss is told. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { expectAgreement } from "../support/agreement.ts";
import { createBrowser } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { breachesOf, listen } from "../support/events.ts";
import { type FinchFault, withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  comeBack,
  connect,
  createCustomer,
  reachCallback,
  readReturn,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { countKinds, itemsAbout } from "../support/table.ts";

/** Lets a new customer connect while Finch has this fault. */
const connectWith = async (fault: FinchFault) => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session);
  const back = readReturn(await withFault({ callback }, fault, () => comeBack(browser, callback)));
  return { customer, browser, callback, back, session: await awaitEnd(customer, session.session_id) };
};

const bus = listen();

/** The failure has its event, and the customer has nothing but the session. */
const expectFailed = async (customer: TestCustomer, session: schema.ConnectSession, reason: string) => {
  const events = await bus.of(customer.id, 1);
  expect(events.flatMap(breachesOf)).toEqual([]);
  expect(events).toMatchObject([
    { "detail-type": "ConnectSessionFailed", detail: { subject: { id: session.session_id }, reason } },
  ]);
  expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1, SESSION: 1 });
};

describe.concurrent("an exchange whose answer does not arrive", () => {
  it.for(["answer_lost", "unreadable"])("%s after the code was consumed: the loss is told to all", async (kind) => {
    const { customer, browser, callback, back, session } = await connectWith({ kind });
    expect(session).toMatchObject({ status: "failed", failure_reason: "token_lost", connection_id: null });
    expect(back).toEqual({ session_id: session.session_id, status: "failed" });
    await expectFailed(customer, session, "token_lost");
    await expectAgreement({ customers: [customer], unkept: 1 });
    // Sent again it gives the same result, and the customer may connect once more.
    expect(readReturn(await browser.open(callback))).toEqual(back);
    const { connectionId } = await connect(customer, { browser });
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
  });

  // A provider's 429: after Finch's own nobody would ask it for minutes, other tests neither.
  it.for(["reset_before", "server_error", "upstream_rate_limit_exceeded", "client_connection_closed"])(
    "%s before the code was consumed: the second try fetches the token",
    async (kind) => {
      const { customer, back, session } = await connectWith({ kind });
      expect(session).toMatchObject({ status: "completed", failure_reason: null });
      expect(back).toMatchObject({ status: "connected", connection_id: session.connection_id });
      expect(countKinds(await itemsAbout(`TOKENS#${customer.id}`))).toEqual({ TOKEN: 1 });
      await readBack(customer, session.connection_id ?? "", { provider: "gusto", company: customer.name });
    },
  );

  it("a code that Finch does not accept: the session fails, and nothing is stored", async () => {
    const { customer, back, session } = await connectWith({ kind: "invalid_grant_error" });
    expect(session).toMatchObject({ status: "failed", failure_reason: "invalid_grant" });
    expect(back["status"]).toBe("failed");
    await expectFailed(customer, session, "invalid_grant");
    await expectAgreement({ customers: [customer] });
  });

  it("another environment's connection is dropped", async () => {
    const { customer, back, session } = await connectWith({ kind: "override", body: { client_type: "production" } });
    expect(session).toMatchObject({ status: "failed", failure_reason: "wrong_client_type" });
    expect(back["status"]).toBe("failed");
    await expectFailed(customer, session, "wrong_client_type");
    // The token is dropped, and never used to end the connection: it may be somebody's.
    await expectAgreement({ customers: [customer], unkept: 1 });
  });
});
