/** Finch's answer to the exchange does not arrive: the token is either fetched after all, or its loss is told. */
import { describe, expect, it } from "vitest";
import { createBrowser } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { type FinchFault, withFault } from "../support/finch-faults.ts";
import { awaitEnd, connect, createCustomer, reachCallback, readReturn, startSession } from "../support/journey.ts";
import { countKinds, itemsAbout, readTable } from "../support/table.ts";

/** Lets a new customer connect while Finch has this fault. */
const connectWith = async (fault: FinchFault) => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session);
  const back = readReturn(await withFault(fault, () => browser.open(callback)));
  return { customer, browser, callback, back, session: await awaitEnd(customer, session.session_id) };
};

const eventsOf = async (customerId: string) =>
  (await readTable()).filter((item) => item["sk"] === "EVENT" && item["customer_id"] === customerId);

describe.concurrent("an exchange whose answer does not arrive", () => {
  it.for(["answer_lost", "unreadable"])("%s after the code was consumed: the loss is told to all", async (kind) => {
    const { customer, browser, callback, back, session } = await connectWith({ kind });
    expect(session).toMatchObject({ status: "failed", failure_reason: "token_lost", connection_id: null });
    expect(back).toEqual({ session_id: session.session_id, status: "failed" });
    const events = await eventsOf(customer.id);
    expect(events).toMatchObject([
      { type: "ConnectSessionFailed", subject: { id: session.session_id }, detail: { reason: "token_lost" } },
    ]);
    expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1, SESSION: 1, EVENT: 1 });
    // Sent again it gives the same result, and the customer may connect once more.
    expect(readReturn(await browser.open(callback))).toEqual(back);
    const { connectionId } = await connect(customer, { browser });
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
  });

  it.for(["reset_before", "server_error", "rate_limit", "client_connection_closed"])(
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
    expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1, SESSION: 1, EVENT: 1 });
  });

  it("another environment's connection is dropped", async () => {
    const { customer, back, session } = await connectWith({ kind: "override", body: { client_type: "production" } });
    expect(session).toMatchObject({ status: "failed", failure_reason: "wrong_client_type" });
    expect(back["status"]).toBe("failed");
    expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1, SESSION: 1, EVENT: 1 });
  });
});
