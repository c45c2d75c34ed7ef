/** A browser that comes back from Connect without a code, and whose exchange a session's is. */
import { describe, expect, it } from "vitest";
import { createCapability } from "#shared/connection/capability.ts";
import { endOpening, isExchangeOf } from "#shared/connection/open-connect-session.ts";
import { aGrant, anOpening, newSessionId } from "../../support/builders.ts";
import { cookie, createSetting } from "./setting.ts";

const other = anOpening({ stateHash: "of-another-browser" });

const createStage = async () => {
  const setting = createSetting();
  const { session, state } = await setting.openSession(await setting.createCustomer("acme"), { openings: [other] });
  const end = (text: string, brought: string | undefined) => endOpening(setting.deps)(text, brought);
  const stored = () => setting.sessions.find(session.sessionId);
  return { ...setting, session, state, end, stored };
};

describe("coming back without a code", () => {
  it("ends this browser's opening; the session and the other openings stay", async () => {
    const { end, state, session, stored, exchange } = await createStage();
    expect(await end(state, cookie)).toEqual(session);
    expect(await stored()).toEqual({ ...session, openings: [other], version: 2 });
    expect(await exchange(state)).toEqual({ status: "refused", reason: "unknown" });
  });

  it("changes nothing a second time", async () => {
    const { end, state, stored } = await createStage();
    await end(state, cookie);
    const after = await stored();
    expect(await end(state, cookie)).toBeUndefined();
    expect(await stored()).toEqual(after);
  });

  it.each([undefined, "", "another cookie"])("changes nothing for the cookie %j", async (brought) => {
    const { end, state, session, stored } = await createStage();
    expect(await end(state, brought)).toBeUndefined();
    expect(await stored()).toEqual(session);
  });

  it("changes nothing for a state that is none, forged, or of an unknown session", async () => {
    const { end, state, session, stored } = await createStage();
    const forged = createCapability(session.sessionId, new Uint8Array(32)).text;
    const unknown = createCapability(newSessionId(), new Uint8Array(32)).text;
    for (const text of ["", "x", state.slice(1), forged, unknown]) expect(await end(text, cookie)).toBeUndefined();
    expect(await stored()).toEqual(session);
  });

  it("changes nothing in a session that has expired or is being exchanged", async () => {
    const { end, state, session, stored, setNow, exchange, finch, now } = await createStage();
    const noon = now();
    setNow(session.expiresAt);
    expect(await end(state, cookie)).toBeUndefined();
    setNow(noon);
    finch.willAnswerExchange(async () => {
      expect(await end(state, cookie)).toBeUndefined();
      return { kind: "granted", grant: aGrant() };
    });
    await exchange(state);
    expect(await stored()).toMatchObject({ status: "completed" });
  });

  it("ends each of two openings that end at the same time", async () => {
    const { deps, stored, sessions, session, state, end, randomBytes } = await createStage();
    const second = createCapability(session.sessionId, randomBytes(32));
    const current = await stored();
    await sessions.replaceOpenings(current ?? expect.fail(), [
      ...session.openings,
      { ...(session.openings.at(-1) ?? expect.fail()), stateHash: second.hash },
    ]);
    await Promise.all([end(state, cookie), endOpening(deps)(second.text, cookie)]);
    expect(await stored()).toMatchObject({ openings: [other] });
  });
});

describe("whose exchange it is", () => {
  it("is the browser's with the same cookie", async () => {
    const { exchange, finch, state, stored, session } = await createStage();
    expect(isExchangeOf(session, cookie)).toBe(false);
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    await exchange(state);
    const after = (await stored()) ?? expect.fail();
    expect([cookie, "another", "", undefined].map((brought) => isExchangeOf(after, brought))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
