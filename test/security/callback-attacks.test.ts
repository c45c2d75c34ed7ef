/** Whoever comes to the callback without the right cookie and `state` changes nothing and is told what to do. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { send } from "../support/api.ts";
import { cookieName, createBrowser } from "../support/browser.ts";
import { reachCallback, startSession } from "../support/journey.ts";
import { alter, createVictim, everythingOf, expectRefused, expectUnharmed, withState } from "./victim.ts";

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
