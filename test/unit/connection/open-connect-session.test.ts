/** Opening `connect_url`: by whom, how often, and when. */
import { describe, expect, it } from "vitest";
import { createCapability, hashOf } from "#shared/connection/capability.ts";
import { type ConnectSession, holderHash } from "#shared/connection/connect-session.ts";
import { openConnectSession } from "#shared/connection/open-connect-session.ts";
import { afterNoon, aGrant, aSession, newSessionId } from "../../support/builders.ts";
import { cookie, createSetting } from "./setting.ts";

const createStage = async (changes: Partial<ConnectSession> = {}) => {
  const setting = createSetting();
  const customerId = await setting.createCustomer("acme");
  const customer = await setting.customers.find(customerId);
  const ticket = createCapability(newSessionId(), setting.randomBytes(32));
  const { sessionId } = ticket;
  const incarnation = customer?.incarnation ?? "";
  const session = aSession({ sessionId, ticketHash: ticket.hash, customerId, incarnation, ...changes });
  await setting.sessions.create(session);
  const open = (brought?: string, text = ticket.text) => openConnectSession(setting.deps)(text, brought);
  /** Opens, expects to be sent to Finch, and returns what the browser has then. */
  const openToFinch = async (brought?: string) => {
    const opened = await open(brought);
    if (opened.kind !== "to_finch") return expect.fail(opened.kind);
    return { ...opened, state: new URL(opened.location).searchParams.get("state") ?? "" };
  };
  const stored = async () => (await setting.sessions.find(sessionId)) ?? expect.fail();
  const complete = (browser: { readonly state: string; readonly cookie: string }) => {
    setting.finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    return setting.exchange(browser.state, { cookie: browser.cookie });
  };
  return { ...setting, session, ticket, open, openToFinch, stored, complete };
};
const ended = { kind: "ended" };

describe("an opening", () => {
  it("leads to Finch with a state of its own, of which only the hash is kept", async () => {
    const { openToFinch, session, stored, now } = await createStage();
    const browser = await openToFinch();
    const location = new URL(browser.location);
    location.searchParams.delete("state");
    expect(location.href).toBe(session.finchConnectUrl);
    expect(await stored()).toEqual({
      ...session,
      openings: [
        { stateHash: hashOf(browser.state), holderHash: holderHash({ cookie: browser.cookie }), openedAt: now() },
      ],
      version: 2,
    });
    for (const text of [browser.state, browser.cookie]) expect(JSON.stringify(await stored())).not.toContain(text);
  });

  it("gives a browser without a cookie one of 256 random bits, and another browser another", async () => {
    const { openToFinch } = await createStage();
    const [one, two] = [await openToFinch(), await openToFinch()];
    expect([one.isNew, two.isNew]).toEqual([true, true]);
    expect(Buffer.from(one.cookie, "base64url")).toHaveLength(32);
    expect(two.cookie).not.toBe(one.cookie);
    expect(two.state).not.toBe(one.state);
  });

  it("leaves a browser the cookie that it has", async () => {
    const { openToFinch } = await createStage();
    expect(await openToFinch(cookie)).toMatchObject({ cookie, isNew: false });
  });

  it("keeps what Finch's own address has in its query", async () => {
    const { openToFinch } = await createStage({ finchConnectUrl: "https://connect.finch.example/a?session=1&x=%20y" });
    const { searchParams } = new URL((await openToFinch()).location);
    expect([searchParams.get("session"), searchParams.get("x")]).toEqual(["1", " y"]);
  });

  it("keeps the newest thirty-two openings", async () => {
    const { openToFinch, stored, advance } = await createStage();
    const browsers = [];
    for (let count = 0; count < 40; count += 1) {
      browsers.push(await openToFinch());
      advance(1_000);
    }
    const kept = (await stored()).openings.map(({ stateHash }) => stateHash);
    expect(kept).toEqual(browsers.slice(-32).map(({ state }) => hashOf(state)));
  });

  it("loses none of twenty at the same time", async () => {
    const { openToFinch, stored } = await createStage();
    const browsers = await Promise.all(Array.from({ length: 20 }, () => openToFinch()));
    const kept = (await stored()).openings.map(({ stateHash }) => stateHash);
    expect(kept.toSorted()).toEqual(browsers.map(({ state }) => hashOf(state)).toSorted());
  });
});

describe("several openings of one link", () => {
  it("completes the person's, whether a mail scanner opened it before or after", async () => {
    for (const order of ["before", "after"]) {
      const { openToFinch, complete, stored } = await createStage();
      if (order === "before") for (let count = 0; count < 3; count += 1) await openToFinch();
      const person = await openToFinch();
      if (order === "after") for (let count = 0; count < 31; count += 1) await openToFinch();
      expect(await complete(person)).toMatchObject({ status: "ended", session: { status: "completed" } });
      expect(await stored()).toMatchObject({ status: "completed", openings: [] });
    }
  });

  it("completes the first of two browsers that comes back, and refuses the other", async () => {
    const { openToFinch, complete, exchange, stored } = await createStage();
    const [one, two] = [await openToFinch(), await openToFinch()];
    expect(await complete(two)).toMatchObject({ status: "ended" });
    const after = await stored();
    const late = await exchange(one.state, { cookie: one.cookie, code: "another-code" });
    expect(late).toEqual({ status: "refused", reason: "spent" });
    expect(await stored()).toEqual(after);
  });

  it("completes either of two tabs of one browser", async () => {
    for (const first of [0, 1]) {
      const { openToFinch, complete } = await createStage();
      const { cookie: brought } = await openToFinch();
      const tabs = [await openToFinch(brought), await openToFinch(brought)];
      expect(await complete(tabs[first] ?? expect.fail())).toMatchObject({ status: "ended" });
    }
  });

  it("does not let one browser come back with the state of another", async () => {
    const { openToFinch, exchange, stored } = await createStage();
    const [one, two] = [await openToFinch(), await openToFinch()];
    const before = await stored();
    const result = await exchange(one.state, { cookie: two.cookie });
    expect(result).toEqual({ status: "refused", reason: "other_holder" });
    expect(await stored()).toEqual(before);
  });

  it("undoes an opening when the browser's cookie was replaced meanwhile, and no other", async () => {
    const { openToFinch, exchange, complete } = await createStage();
    const lost = await openToFinch();
    const again = await openToFinch();
    expect(await exchange(lost.state, { cookie: again.cookie })).toMatchObject({ reason: "other_holder" });
    expect(await complete(again)).toMatchObject({ status: "ended" });
  });
});

describe("a link that leads nowhere", () => {
  it("is one whose ticket is none, forged, or of an unknown session", async () => {
    const { open, ticket, session, stored } = await createStage();
    const forged = createCapability(session.sessionId, new Uint8Array(32)).text;
    const unknown = createCapability(newSessionId(), new Uint8Array(32)).text;
    for (const text of ["", "x", forged, unknown, ticket.text.slice(1), `${ticket.text}A`, ticket.hash]) {
      expect(await open(undefined, text)).toEqual(ended);
    }
    expect(await stored()).toEqual(session);
  });

  it.each(["completed", "failed", "cancelled"] as const)("is one of a session that is %s", async (status) => {
    const { open, session, stored } = await createStage({ status });
    expect(await open(cookie)).toEqual(ended);
    expect(await stored()).toEqual(session);
  });

  it("is one that has expired, from the very moment on", async () => {
    const { open, setNow, session, stored } = await createStage({ expiresAt: afterNoon(1_000) });
    setNow(afterNoon(1_000));
    expect(await open(cookie)).toEqual(ended);
    expect(await stored()).toEqual(session);
    setNow(afterNoon(999));
    expect(await open(cookie)).toMatchObject({ kind: "to_finch" });
  });

  it("is one that is being exchanged, but for the browser whose exchange it is: that one waits", async () => {
    const { open, openToFinch, exchange, finch, stored } = await createStage();
    const [person, stranger] = [await openToFinch(), await openToFinch()];
    finch.willAnswerExchange(async () => {
      const before = await stored();
      expect(before.status).toBe("exchanging");
      expect(await open(person.cookie)).toEqual({ kind: "to_pending", session: before });
      for (const brought of [undefined, "", stranger.cookie]) expect(await open(brought)).toEqual(ended);
      expect(await stored()).toEqual(before);
      return { kind: "granted", grant: aGrant() };
    });
    await exchange(person.state, { cookie: person.cookie });
    for (const brought of [undefined, person.cookie]) expect(await open(brought)).toEqual(ended);
  });
});
