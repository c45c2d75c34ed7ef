/** Customers go through Finch Connect multiple times: the same account again, others, and after a try that led nowhere. */
import { describe, expect, it } from "vitest";
import { denyConnect } from "../../local/finch/drive-connect.ts";
import { createBrowser } from "../support/browser.ts";
import { listConnections, readBack, readConnection } from "../support/connections.ts";
import {
  comeBack,
  connect,
  createCustomer,
  openLink,
  readReturn,
  readSession,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";

const tokensOf = async (customer: TestCustomer, connectionId: string): Promise<readonly string[]> =>
  (await readConnection(customer, connectionId)).tokens.map((token) => token.token_id);

describe.concurrent("connect again and again", () => {
  it("the same account again and again is one connection that gains tokens", async () => {
    const customer = await createCustomer();
    const browser = createBrowser();
    const first = await connect(customer, { browser });
    expect(first.status).toBe("connected");
    const seen = new Set(await tokensOf(customer, first.connectionId));
    for (let run = 2; run <= 4; run += 1) {
      const again = await connect(customer, { browser });
      expect(again).toMatchObject({ status: "known", connectionId: first.connectionId });
      // A look in between may have dropped older ones, which the newest covers.
      const gained = (await tokensOf(customer, first.connectionId)).filter((token) => !seen.has(token));
      expect(gained).toHaveLength(1);
      for (const token of gained) seen.add(token);
    }
    expect(await listConnections(customer)).toHaveLength(1);
    await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
  });

  it("a first try that was closed, a second account and a second provider all go on from where it was", async () => {
    const customer = await createCustomer();
    const browser = createBrowser();
    const closed = await startSession(customer);
    const left = await comeBack(browser, await denyConnect(await openLink(browser, closed)));
    expect(readReturn(left)).toEqual({ session_id: closed.session_id, status: "cancelled" });

    const first = await connect(customer, { browser });
    const secondCompany = `${customer.name} Holding`;
    const second = await connect(customer, { browser, company: secondCompany });
    const third = await connect(customer, { browser, provider: "paychex_flex" });
    expect(new Set([first, second, third].map((each) => each.connectionId)).size).toBe(3);
    await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
    await readBack(customer, second.connectionId, { provider: "gusto", company: secondCompany });
    await readBack(customer, third.connectionId, { provider: "paychex_flex", company: customer.name });
    // The link that was closed was not used up by the others.
    expect(await readSession(customer, closed.session_id)).toMatchObject({ status: "open" });
  });

  it("from several browsers at the same time, all connections are kept", async () => {
    const customer = await createCustomer();
    const companies = ["a", "b", "c", "d"].map((suffix) => `${customer.name} ${suffix}`);
    const connected = await Promise.all(companies.map((company) => connect(customer, { company })));
    const listed = await listConnections(customer);
    expect(listed.map((each) => each.connection_id).toSorted()).toEqual(
      connected.map((each) => each.connectionId).toSorted(),
    );
    for (const [index, company] of companies.entries()) {
      await readBack(customer, connected[index]?.connectionId ?? "", { provider: "gusto", company });
    }
  });
});
