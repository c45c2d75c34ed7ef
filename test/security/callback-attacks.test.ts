/** Whoever comes to the callback without the right cookie and `state` changes nothing and is told what to do. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Answer, send } from "../support/api.ts";
import { type Browser, cookieName, createBrowser, readPage } from "../support/browser.ts";
import { finchConnectionsOf } from "../support/finch.ts";
import {
  comeBack,
  createCustomer,
  reachCallback,
  readBack,
  readReturn,
  readSession,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { countKinds, expireSession, itemsAbout } from "../support/table.ts";

/** A customer's browser that has signed in at Finch and stands before the callback. */
interface Victim {
  readonly customer: TestCustomer;
  readonly browser: Browser;
  readonly cookie: string;
  readonly session: schema.NewConnectSession;
  readonly callback: URL;
  readonly state: string;
  /** What Finch calls the connection that would be made. */
  readonly connectionId: string;
}

const createVictim = async (): Promise<Victim> => {
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

const everythingOf = ({ customer, session, connectionId }: Victim) =>
  itemsAbout(customer.id, session.session_id, connectionId);

/** What is made must be refused with a page that says what to do, and leave the table as it was. */
const expectRefused = async (victim: Victim, what: string, attack: () => Promise<Answer>): Promise<void> => {
  const before = await everythingOf(victim);
  const answer = await attack();
  expect(answer.status, what).toBe(400);
  expect(readPage(answer), what).toMatch(/Open (the link|it) .*again|Ask for a new link/);
  expect(answer.headers.getSetCookie(), what).toEqual([]);
  for (const secret of [victim.customer.id, victim.customer.name, victim.cookie, victim.state, victim.connectionId]) {
    expect(answer.text, what).not.toContain(secret);
  }
  expect(await everythingOf(victim), what).toEqual(before);
};

/** After all attacks the right browser still completes, with the code that nobody could use up. */
const expectUnharmed = async ({ customer, browser, callback, connectionId }: Victim): Promise<void> => {
  const back = readReturn(await comeBack(browser, callback));
  expect(back).toMatchObject({ status: "connected", connection_id: connectionId });
  await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
};

const withState = (callback: URL, ...states: readonly string[]): URL => {
  const forged = new URL(callback);
  forged.searchParams.delete("state");
  for (const state of states) forged.searchParams.append("state", state);
  return forged;
};

/** The text with another character of base64url at this place. */
const alter = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;

describe.concurrent("a callback with another cookie", () => {
  it("is refused without, with a foreign and with an altered one", async () => {
    const victim = await createVictim();
    const { callback, cookie } = victim;
    const stranger = createBrowser();
    await reachCallback(stranger, await startSession(victim.customer));
    const headers: Readonly<Record<string, string | undefined>> = {
      none: undefined,
      "a stranger's": `${cookieName}=${stranger.cookie()}`,
      random: `${cookieName}=${randomBytes(32).toString("base64url")}`,
      empty: `${cookieName}=`,
      "altered at its beginning": `${cookieName}=${alter(cookie, 0)}`,
      "altered in its middle": `${cookieName}=${alter(cookie, 21)}`,
      "altered near its end": `${cookieName}=${alter(cookie, 41)}`,
      truncated: `${cookieName}=${cookie.slice(0, -1)}`,
      prolonged: `${cookieName}=${cookie}A`,
      quoted: `${cookieName}="${cookie}"`,
      "beside another one": `${cookieName}=${cookie}; ${cookieName}=${stranger.cookie()}`,
      "behind another one": `${cookieName}=${stranger.cookie()}; ${cookieName}=${cookie}`,
      "without its prefix": `perch_browser=${cookie}`,
      "with a name in capitals": `${cookieName.toUpperCase()}=${cookie}`,
      "of another name": `session=${cookie}`,
    };
    for (const [what, header] of Object.entries(headers)) {
      await expectRefused(victim, `cookie ${what}`, () =>
        send(callback, header === undefined ? {} : { headers: { cookie: header } }),
      );
    }
    await expectUnharmed(victim);
  });

  it("is refused when a link of the attacker's making is opened in the victim's browser", async () => {
    const [victim, attacker] = [await createVictim(), await createVictim()];
    await expectRefused(victim, "the attacker's callback in the victim's browser", () =>
      victim.browser.open(attacker.callback),
    );
    await expectRefused(attacker, "the victim's callback in the attacker's browser", () =>
      attacker.browser.open(victim.callback),
    );
    await expectUnharmed(victim);
    await expectUnharmed(attacker);
  });
});

describe.concurrent("a callback with another state", () => {
  it("is refused when forged, cut, prolonged or missing", async () => {
    const victim = await createVictim();
    const { browser, callback, state } = victim;
    const states: Readonly<Record<string, string>> = {
      empty: "",
      forged: randomBytes(48).toString("base64url"),
      "forged for this session": Buffer.concat([
        Buffer.from(state, "base64url").subarray(0, 16),
        randomBytes(32),
      ]).toString("base64url"),
      "the session's id": victim.session.session_id,
      "the link's ticket": victim.session.connect_url.split("/").at(-1) ?? "",
      "without its last character": state.slice(0, -1),
      "without its first character": state.slice(1),
      "half of it": state.slice(0, state.length / 2),
      "prolonged by one": `${state}A`,
      padded: `${state}==`,
      "with a blank": `${state} `,
      "with a null": `${state}\0`,
      "in other letters": state.toLowerCase() === state ? state.toUpperCase() : state.toLowerCase(),
      "far too long": state.repeat(40),
      "not of its alphabet": "é".repeat(64),
    };
    for (const [what, forged] of Object.entries(states)) {
      await expectRefused(victim, `state ${what}`, () => browser.open(withState(callback, forged)));
    }
    await expectRefused(victim, "no state", () => browser.open(withState(callback)));
    await expectUnharmed(victim);
  });

  it("is refused when any one character of it is another", async () => {
    const victim = await createVictim();
    const { browser, callback, state } = victim;
    // In the session's id, at its end, in the random part, and at the end of all.
    for (const at of [0, 7, 15, 20, 21, 22, 30, 42, 53, 62, 63]) {
      await expectRefused(victim, `state altered at ${at}`, () => browser.open(withState(callback, alter(state, at))));
    }
    await expectUnharmed(victim);
  });

  it("is refused when it is there twice", async () => {
    const victim = await createVictim();
    const { browser, callback, state } = victim;
    const other = alter(state, 40);
    for (const states of [
      [state, other],
      [other, state],
      [state, ""],
    ]) {
      await expectRefused(victim, `states ${states}`, () => browser.open(withState(callback, ...states)));
    }
    await expectUnharmed(victim);
  });

  it("is refused when it is another session's", async () => {
    const [victim, other] = [await createVictim(), await createVictim()];
    await expectRefused(victim, "another session's state", () =>
      victim.browser.open(withState(victim.callback, other.state)),
    );
    await expectRefused(other, "another session's code and state, cookie of this", () =>
      other.browser.open(victim.callback),
    );
    await expectUnharmed(victim);
    await expectUnharmed(other);
  });

  it("is no callback at all by another method", async () => {
    const victim = await createVictim();
    const before = await everythingOf(victim);
    const cookie = `${cookieName}=${victim.cookie}`;
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect((await send(victim.callback, { method, headers: { cookie } })).status).toBe(404);
    }
    expect((await send(victim.callback, { method: "HEAD", headers: { cookie } })).status).toBe(404);
    expect(await everythingOf(victim)).toEqual(before);
    await expectUnharmed(victim);
  });
});

describe.concurrent("a callback that comes late", () => {
  it("replayed after completion gives the first result again, to its own browser only", async () => {
    const victim = await createVictim();
    const { browser, callback, state, connectionId } = victim;
    const first = readReturn(await comeBack(browser, callback));
    expect(first).toMatchObject({ status: "connected", connection_id: connectionId });
    const before = await everythingOf(victim);
    expect(readReturn(await comeBack(browser, callback))).toEqual(first);
    expect(await everythingOf(victim)).toEqual(before);

    await expectRefused(victim, "replayed without cookie", () => send(callback));
    await expectRefused(victim, "replayed by another browser", () =>
      createBrowser(randomBytes(32).toString("base64url")).open(callback),
    );
    const withOtherCode = new URL(callback);
    withOtherCode.searchParams.set("code", crypto.randomUUID());
    await expectRefused(victim, "replayed with another code", () => comeBack(browser, withOtherCode));
    const withError = withState(new URL("/connect/callback?error=access_denied", callback), state);
    await expectRefused(victim, "replayed as denied", () => browser.open(withError));
    await readBack(victim.customer, connectionId, { provider: "gusto", company: victim.customer.name });
  });

  it("with a code of a second run through Connect, the first result stands", async () => {
    const victim = await createVictim();
    const { browser, callback, session, state, connectionId } = victim;
    const second = await reachCallback(browser, session);
    expect(readReturn(await comeBack(browser, callback))["status"]).toBe("connected");
    await expectRefused(victim, "the second run's own state", () => comeBack(browser, second));
    await expectRefused(victim, "the first state with the second code", () =>
      comeBack(browser, withState(second, state)),
    );
    expect(countKinds(await itemsAbout(`TOKENS#${victim.customer.id}`))).toEqual({ TOKEN: 1 });
    expect(await readSession(victim.customer, session.session_id)).toMatchObject({ connection_id: connectionId });
  });

  it("after the session's time is refused, and so is the link", async () => {
    const victim = await createVictim();
    const { browser, callback, customer, session } = victim;
    await expireSession(session.session_id);
    await expectRefused(victim, "after the session's time", () => comeBack(browser, callback));
    await expectRefused(victim, "denied after the session's time", () =>
      browser.open(withState(new URL("/connect/callback?error=access_denied", callback), victim.state)),
    );
    const before = await everythingOf(victim);
    expect((await browser.open(session.connect_url)).status).toBe(410);
    expect(await everythingOf(victim)).toEqual(before);
    expect(await readSession(customer, session.session_id)).toMatchObject({ status: "expired", connection_id: null });
    expect(countKinds(before)).toEqual({ CUSTOMER: 1, SESSION: 1 });
  });
});
