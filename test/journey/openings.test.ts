/** A link is opened by scanners, by several browsers, in several tabs: the right one completes, and no other is harmed. */
import { describe, expect, it } from "vitest";
import { denyConnect, failConnect } from "../../local/finch/drive-connect.ts";
import { type Answer, send } from "../support/api.ts";
import { createBrowser, readPage } from "../support/browser.ts";
import { readBack } from "../support/connections.ts";
import {
  awaitEnd,
  comeBack,
  connect,
  createCustomer,
  openLink,
  reachCallback,
  readReturn,
  readSession,
  signIn,
  startSession,
  startSessionWithoutReturn,
  type TestCustomer,
} from "../support/journey.ts";
import { readSessionItem } from "../support/table.ts";

/** A page that tells what to do and names nobody. */
const expectNameless = (answer: Answer, status: number, customer: TestCustomer) => {
  expect(answer.status).toBe(status);
  expect(readPage(answer)).toMatch(/Open the link|Ask for a new link/);
  expect(answer.text).not.toContain(customer.id);
  expect(answer.text).not.toContain(customer.name);
  expect(answer.headers.getSetCookie()).toEqual([]);
};

const scan = async (url: string): Promise<readonly Answer[]> => [
  await send(url, { method: "HEAD" }),
  await send(url),
  await send(url, { method: "HEAD" }),
];

describe.concurrent("openings of one link", () => {
  it("a scanner before and after the user undoes nothing", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    for (const answer of await scan(session.connect_url)) expect([302, 404]).toContain(answer.status);
    const browser = createBrowser();
    const atFinch = await openLink(browser, session);
    for (const answer of await scan(session.connect_url)) expect([302, 404]).toContain(answer.status);
    const back = readReturn(await comeBack(browser, await signIn(atFinch)));
    expect(back["status"]).toBe("connected");
    const before = await readSessionItem(session.session_id);
    const [head, get] = await scan(session.connect_url);
    expect(head?.status).not.toBe(302);
    if (get === undefined) throw new Error("nothing was scanned");
    expectNameless(get, 410, customer);
    expect(await readSessionItem(session.session_id)).toEqual(before);
    await readBack(customer, back["connection_id"] ?? "", { provider: "gusto", company: customer.name });
  });

  it("20 openings after the user's leave it valid", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const callback = await reachCallback(browser, session);
    for (let count = 0; count < 20; count += 1) expect((await send(session.connect_url)).status).toBe(302);
    expect(readReturn(await comeBack(browser, callback))["status"]).toBe("connected");
  });

  it("20 openings at the same moment are all valid", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browsers = Array.from({ length: 20 }, () => createBrowser());
    const links = await Promise.all(browsers.map((browser) => openLink(browser, session)));
    expect(new Set(links.map((link) => link.searchParams.get("state"))).size).toBe(20);
    expect(new Set(browsers.map((browser) => browser.cookie())).size).toBe(20);
    const [first, atFinch] = [browsers[0], links[0]];
    if (first === undefined || atFinch === undefined) throw new Error("no browser has opened the link");
    expect(readReturn(await comeBack(first, await signIn(atFinch)))["status"]).toBe("connected");
  });

  it("of two browsers the first to come back completes; the other is told, and the session stays as it is", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const [desktop, phone] = [createBrowser(), createBrowser()];
    const [onDesktop, onPhone] = [await reachCallback(desktop, session), await reachCallback(phone, session)];
    expect(desktop.cookie()).not.toBe(phone.cookie());
    const back = readReturn(await comeBack(phone, onPhone));
    expect(back["status"]).toBe("connected");
    const before = await readSessionItem(session.session_id);
    expectNameless(await comeBack(desktop, onDesktop), 400, customer);
    expectNameless(await desktop.open(session.connect_url), 410, customer);
    expect(await readSessionItem(session.session_id)).toEqual(before);
    await readBack(customer, back["connection_id"] ?? "", { provider: "gusto", company: customer.name });
  });

  it("two tabs share one cookie, set once; either may come back, even the older", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const first = await browser.open(session.connect_url);
    const cookie = browser.cookie();
    const second = await browser.open(session.connect_url);
    expect(first.headers.getSetCookie()).toHaveLength(1);
    expect(second.headers.getSetCookie()).toEqual([]);
    if (first.location === undefined || second.location === undefined) throw new Error("the link leads nowhere");
    const [older, newer] = [await signIn(first.location), await signIn(second.location)];
    const back = readReturn(await comeBack(browser, older));
    expect(back["status"]).toBe("connected");
    expectNameless(await comeBack(browser, newer), 400, customer);
    expect(browser.cookie()).toBe(cookie);
    expect(await readSession(customer, session.session_id)).toMatchObject({
      status: "completed",
      connection_id: back["connection_id"],
    });
    await readBack(customer, back["connection_id"] ?? "", { provider: "gusto", company: customer.name });
  });

  it("two sessions in one browser, of two customers, both complete", async () => {
    const browser = createBrowser();
    const customers = [await createCustomer(), await createCustomer()];
    const callbacks = [];
    for (const customer of customers) {
      callbacks.push({ customer, callback: await reachCallback(browser, await startSession(customer)) });
    }
    for (const { customer, callback } of callbacks.toReversed()) {
      const back = readReturn(await comeBack(browser, callback));
      expect(back["status"]).toBe("connected");
      await readBack(customer, back["connection_id"] ?? "", { provider: "gusto", company: customer.name });
    }
  });

  it("after completion the link and the page that waits lead only the one browser on", async () => {
    const customer = await createCustomer();
    const browser = createBrowser();
    const { session, connectionId } = await connect(customer, { browser });
    const pending = `/connect/pending/${session.session_id}`;
    expect(readReturn(await browser.open(pending))).toMatchObject({ connection_id: connectionId });
    expectNameless(await createBrowser().open(pending), 410, customer);
    expectNameless(await createBrowser("A".repeat(43)).open(pending), 410, customer);
  });
});

describe.concurrent("leaving Connect without a connection", () => {
  it("denied: the browser goes back as cancelled, and the link still works", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const denied = await denyConnect(await openLink(browser, session));
    expect(readReturn(await comeBack(browser, denied))).toEqual({
      session_id: session.session_id,
      status: "cancelled",
    });
    expect(await readSession(customer, session.session_id)).toMatchObject({ status: "open", failure_reason: null });
    const back = readReturn(await comeBack(browser, await reachCallback(browser, session)));
    expect(back["status"]).toBe("connected");
    await readBack(customer, back["connection_id"] ?? "", { provider: "gusto", company: customer.name });
  });

  it("denied in one tab: the other tab goes on", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const kept = await reachCallback(browser, session);
    const denied = await denyConnect(await openLink(browser, session));
    expect(readReturn(await comeBack(browser, denied))["status"]).toBe("cancelled");
    expect(readReturn(await comeBack(browser, kept))["status"]).toBe("connected");
  });

  it("an error at the provider: the browser goes back as failed, and the link still works", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const failed = await failConnect(await openLink(browser, session));
    expect(readReturn(await comeBack(browser, failed))["status"]).toBe("failed");
    const back = readReturn(await comeBack(browser, await reachCallback(browser, session)));
    expect(back["status"]).toBe("connected");
    expect((await awaitEnd(customer, session.session_id)).status).toBe("completed");
  });

  it("a stranger cannot leave in the user's place", async () => {
    const customer = await createCustomer();
    const session = await startSession(customer);
    const browser = createBrowser();
    const denied = await denyConnect(await openLink(browser, session));
    const before = await readSessionItem(session.session_id);
    expectNameless(await createBrowser().open(denied), 400, customer);
    expectNameless(await createBrowser("B".repeat(43)).open(denied), 400, customer);
    expect(await readSessionItem(session.session_id)).toEqual(before);
  });

  it("without a return_url, each end has a page of Perch's own", async () => {
    const customer = await createCustomer();
    const session = await startSessionWithoutReturn(customer);
    const browser = createBrowser();
    const left = await comeBack(browser, await denyConnect(await openLink(browser, session)));
    expect([left.status, left.text]).toEqual([200, expect.stringContaining("You did not connect")]);
    const failed = await comeBack(browser, await failConnect(await openLink(browser, session)));
    expect([failed.status, failed.text]).toEqual([200, expect.stringContaining("Something went wrong")]);
    const done = await comeBack(browser, await reachCallback(browser, session));
    expect([done.status, done.text]).toEqual([200, expect.stringContaining("You are connected")]);
  });
});
