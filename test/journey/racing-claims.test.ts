/** Two customers race for one connection: one owns it, the other learns that it is taken, and nothing about who has it. */
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import type { Answer } from "../support/api.ts";
import { tokensEver } from "../support/aws.ts";
import { type Browser, createBrowser } from "../support/browser.ts";
import { listConnections, readBack } from "../support/connections.ts";
import { readFinch } from "../support/finch.ts";
import { withFault } from "../support/finch-faults.ts";
import {
  awaitEnd,
  comeBack,
  createCustomer,
  type LinkedSession,
  reachCallback,
  readReturn,
  readSession,
  startSession,
  startSessionWithoutReturn,
  type TestCustomer,
} from "../support/journey.ts";
import { countKinds, itemsAbout, readOwner } from "../support/table.ts";

interface Racer {
  readonly customer: TestCustomer;
  readonly browser: Browser;
  readonly session: LinkedSession;
  readonly callback: URL;
}

const racersEach = 10;

/** Every second racer has a `return_url`; all have signed in to the same company and stand before the callback. */
const lineUp = async (customers: readonly [TestCustomer, TestCustomer], company: string): Promise<readonly Racer[]> => {
  const racers: Racer[] = [];
  for (let index = 0; index < racersEach; index += 1) {
    const pair = customers.map(async (customer): Promise<Racer> => {
      const start = index % 2 === 0 ? startSession : startSessionWithoutReturn;
      const [browser, session] = [createBrowser(), await start(customer)];
      return { customer, browser, session, callback: await reachCallback(browser, session, { company }) };
    });
    racers.push(...(await Promise.all(pair)));
  }
  return racers;
};

const everythingIn = (answer: Answer): string =>
  `${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text} ${answer.location?.href}`;

/** What both races end with, whoever has won. */
const expectOneOwner = async (
  racers: readonly Racer[],
  backs: readonly Answer[],
  winner: TestCustomer,
): Promise<{ readonly connectionId: string }> => {
  const won = racers.filter((racer) => racer.customer === winner);
  const lost = racers.filter((racer) => racer.customer !== winner);
  const completed = await Promise.all(won.map(({ customer, session }) => awaitEnd(customer, session.session_id)));
  const [connectionId = ""] = new Set(completed.map((session) => session.connection_id ?? ""));
  for (const session of completed) expect(session).toMatchObject({ status: "completed", connection_id: connectionId });

  for (const { customer, session } of lost) {
    const ended = await awaitEnd(customer, session.session_id);
    expect(ended).toMatchObject({ status: "failed", failure_reason: "connection_conflict", connection_id: null });
    expect(JSON.stringify(ended)).not.toContain(winner.id);
    const back = backs[racers.findIndex((racer) => racer.session === session)];
    if (back === undefined) throw new Error("a racer did not come back");
    if (session.return_url === null) expect([back.status, back.text]).toEqual([409, expect.stringMatching(/in use/)]);
    else expect(readReturn(back)).toEqual({ session_id: session.session_id, status: "failed" });
    for (const secret of [winner.id, winner.name, connectionId]) expect(everythingIn(back)).not.toContain(secret);
  }
  for (const loser of new Set(lost.map((racer) => racer.customer))) {
    expect(await listConnections(loser)).toEqual([]);
    expect(countKinds(await itemsAbout(`TOKENS#${loser.id}`))).toEqual({});
  }
  expect(await readOwner(connectionId)).toBe(winner.id);
  return { connectionId };
};

// Twenty functions start at once: that takes its time on two cores.
describe("20 racing claims of one connection by two customers", { timeout: 480_000 }, () => {
  it("Finch names nobody: who is first owns it, and every other session of the owner adds a token", async () => {
    const customers = [await createCustomer(), await createCustomer()] as const;
    const company = `${crypto.randomUUID()} Ltd`;
    const racers = await lineUp(customers, company);
    // Then the sessions' own customers decide, as for a connection whose customer_id Finch does not tell.
    const unnamed = { kind: "override", remove: ["customer_id"] };
    const backs = await Promise.all(
      racers.map(({ browser, callback }) => withFault({ callback }, unnamed, () => comeBack(browser, callback))),
    );
    const ended = await Promise.all(racers.map(({ customer, session }) => readSession(customer, session.session_id)));
    const winners = new Set(
      racers.filter((_, index) => ended[index]?.status === "completed").map((each) => each.customer),
    );
    expect(winners.size).toBe(1);
    const [winner] = winners;
    if (winner === undefined) throw new Error("nobody has won");

    const { connectionId } = await expectOneOwner(racers, backs, winner);
    const stored = await itemsAbout(connectionId);
    expect(countKinds(stored)).toMatchObject({ OWNER: 1, CONNECTION: 1 });
    expect(await tokensEver(winner)).toBe(racersEach);
    const described = await readBack(winner, connectionId, { provider: "gusto", company });
    // The newest was seen to be healthy, and opens what the others open.
    expect(described.tokens).toHaveLength(1);
    expect(countKinds(await itemsAbout(connectionId))).toMatchObject({ OWNER: 1, CONNECTION: 1, TOKEN: 1 });
    await expectAgreement({ customers, unkept: 2 * racersEach - 1 });
  });

  it("Finch names the customer who connected first: it owns the connection, whoever comes back first", async () => {
    const customers = [await createCustomer(), await createCustomer()] as const;
    const company = `${crypto.randomUUID()} Ltd`;
    const racers = await lineUp(customers, company);
    const [made] = (await readFinch()).connections.filter((connection) => connection.companyName === company);
    const creator = customers.find((customer) => customer.id === made?.creator.id);
    if (creator === undefined) throw new Error("Finch knows no such connection");
    const backs = await Promise.all(racers.map(({ browser, callback }) => comeBack(browser, callback)));
    const { connectionId } = await expectOneOwner(racers, backs, creator);
    await readBack(creator, connectionId, { provider: "gusto", company });
    await expectAgreement({ customers, unkept: 2 * racersEach - 1 });
  });
});
