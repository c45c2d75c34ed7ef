/** Somebody whose way back from Finch is attacked, and what must be so afterwards. */
import { expect } from "vitest";
import type { Answer } from "../support/api.ts";
import { type Browser, createBrowser, readPage } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import { finchConnectionsOf } from "../support/finch.ts";
import {
  comeBack,
  createCustomer,
  type LinkedSession,
  reachCallback,
  readReturn,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { itemsAbout } from "../support/table.ts";
import { expectUnchanged } from "../support/unchanged.ts";

/** A customer's browser that has signed in at Finch and stands before the callback. */
export interface Victim {
  readonly customer: TestCustomer;
  readonly browser: Browser;
  readonly cookie: string;
  readonly session: LinkedSession;
  readonly callback: URL;
  readonly state: string;
  /** What Finch calls the connection that would be made. */
  readonly connectionId: string;
}

/** Lets a new customer's browser get as far as that. */
export const createVictim = async (): Promise<Victim> => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const browser = createBrowser();
  const callback = await reachCallback(browser, session);
  const [atFinch] = await finchConnectionsOf(customer.id);
  return {
    customer,
    browser,
    session,
    callback,
    cookie: browser.cookie() ?? "",
    state: callback.searchParams.get("state") ?? "",
    connectionId: atFinch?.id ?? "",
  };
};

/** Every item of the table that has to do with the victim. */
export const everythingOf = ({ customer, session, connectionId }: Victim) =>
  itemsAbout(customer.id, session.session_id, connectionId);

/** What is made must be refused with a page that says what to do, and leave the table as it was. */
export const expectRefused = async (victim: Victim, what: string, attack: () => Promise<Answer>): Promise<void> => {
  const attackOnce = async () => {
    const answer = await attack();
    expect(answer.status, what).toBe(400);
    expect(readPage(answer), what).toMatch(/Open (the link|it) .*again|Ask for a new link/);
    expect(answer.headers.getSetCookie(), what).toEqual([]);
    for (const secret of [victim.customer.id, victim.customer.name, victim.cookie, victim.state, victim.connectionId]) {
      expect(answer.text, what).not.toContain(secret);
    }
  };
  await expectUnchanged(() => everythingOf(victim), attackOnce, what);
};

/** After all attacks the right browser still completes, with the code that nobody could use up. */
export const expectUnharmed = async ({ customer, browser, callback, connectionId }: Victim): Promise<void> => {
  const back = readReturn(await comeBack(browser, callback));
  expect(back).toMatchObject({ status: "connected", connection_id: connectionId });
  await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
};

/** The callback with other states than its own, or with none. */
export const withState = (callback: URL, ...states: readonly string[]): URL => {
  const forged = new URL(callback);
  forged.searchParams.delete("state");
  for (const state of states) forged.searchParams.append("state", state);
  return forged;
};

/** The text with another character of base64url at this place. */
export const alter = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
