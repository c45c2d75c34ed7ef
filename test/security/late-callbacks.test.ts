/** A callback that comes again, or too late, gives what there was before or nothing. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { send } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { awaitLook, readBack } from "../support/connections.ts";
import { comeBack, reachCallback, readReturn, readSession } from "../support/journey.ts";
import { countKinds, expireSession, itemsAbout } from "../support/table.ts";
import { expectUnchanged } from "../support/unchanged.ts";
import { createVictim, everythingOf, expectRefused, withState } from "./victim.ts";

describe.concurrent("a callback that comes late", () => {
  it("replayed after completion gives the first result again, to its own browser only", async () => {
    const victim = await createVictim();
    const { browser, callback, state, connectionId } = victim;
    const first = readReturn(await comeBack(browser, callback));
    expect(first).toMatchObject({ status: "connected", connection_id: connectionId });
    await awaitLook(victim.customer, connectionId);
    await expectUnchanged(
      () => everythingOf(victim),
      async () => expect(readReturn(await comeBack(browser, callback))).toEqual(first),
    );

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
    await awaitLook(victim.customer, connectionId);
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
