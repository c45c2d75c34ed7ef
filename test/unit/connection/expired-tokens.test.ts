/** Ciphertext that nobody asked to be destroyed: when it goes all the same, and what becomes of its connection. */
import { describe, expect, it } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { judgeConnection } from "#shared/connection/judge-connection.ts";
import { aConnection, aTokenRecord, noon } from "../../support/builders.ts";
import { createCheckSetting, day, entity, hour, invalid, rateLimited, says, signedOut } from "./check-setting.ts";

const createStage = async () => {
  const setting = await createCheckSetting(["e1"], ["e2"]);
  /** Lets time pass with looks that come when they are due; at how many days the ciphertexts went, if they did. */
  const pass = async (days: number, answersAt: (dayOf: number) => readonly IntrospectAnswer[]) => {
    const from = setting.now().getTime();
    const passed = () => (setting.now().getTime() - from) / day;
    while (passed() < days) {
      const { nextCheckAt } = await setting.stored();
      setting.advance(Math.max(hour, nextCheckAt.getTime() - setting.now().getTime()));
      setting.finchSays(...answersAt(passed()));
      await setting.check();
      if (setting.memory.tokens.size === 0) return passed();
    }
    return undefined;
  };
  return { ...setting, pass };
};
const one = says({ products: ["payment"], entities: [entity("e1")] });
const two = says({ products: ["company"], entities: [entity("e2")] });

describe("tokens that Finch calls invalid", () => {
  it("are kept for a week, and go after it", async () => {
    const { pass, stored } = await createStage();
    const wentAfter = (await pass(30, () => [invalid, invalid])) ?? expect.fail();
    // The first look comes after an hour, later ones every four.
    expect(wentAfter).toBeGreaterThanOrEqual(7);
    expect(wentAfter).toBeLessThan(7.3);
    expect(await stored()).toMatchObject({ finchStatus: "reauth", tokens: [] });
  });

  it.each<[string, (dayOf: number) => readonly IntrospectAnswer[]]>([
    ["one of them is valid", () => [one, invalid]],
    ["one of them is only signed out", () => [signedOut, invalid]],
    ["Finch does not say so of one of them", () => [rateLimited, invalid]],
    ["Finch does not answer", () => [rateLimited, rateLimited]],
    [
      "they are invalid for six days, then valid, then invalid",
      (at) => (at % 6.5 < 6 ? [invalid, invalid] : [one, two]),
    ],
  ])("are kept for weeks, while %s", async (_, answersAt) => {
    const { pass, memory } = await createStage();
    // More than twice as long as they would last.
    expect(await pass(15, answersAt)).toBeUndefined();
    expect(memory.tokens.size).toBe(2);
  });

  it("are kept until the last of them has been invalid for a week", async () => {
    const { pass } = await createStage();
    const wentAfter = (await pass(40, (at) => (at < 20 ? [invalid, two] : [invalid, invalid]))) ?? expect.fail();
    expect(wentAfter).toBeGreaterThanOrEqual(27);
    expect(wentAfter).toBeLessThan(28.5);
  });

  it("are not destroyed beside the table: there they can be restored until the sweep of secrets finds them", async () => {
    const { pass, vault, deps } = await createStage();
    const destroyed: unknown[] = [];
    Object.assign(deps, { vault: { ...vault, destroy: async (sealed: unknown) => void destroyed.push(sealed) } });
    await pass(30, () => [invalid, invalid]);
    expect(destroyed).toEqual([]);
  });
});

describe("a week of an invalid token", () => {
  const ago = (milliseconds: number) => new Date(noon.getTime() - milliseconds);
  const judge = (...tokens: readonly { readonly since: Date; readonly isAsked: boolean }[]) => {
    const records = tokens.map(({ since }) => aTokenRecord({ invalidSince: since }));
    const asked = records.filter((_, index) => tokens[index]?.isAsked);
    const answers = new Map(asked.map(({ tokenId }) => [tokenId, { kind: "invalid_token" } as const]));
    const judged = judgeConnection(aConnection({ tokens: records }), answers, noon);
    return { ...judged, of: records.map(({ tokenId }) => tokenId) };
  };

  it("is over with its last moment", () => {
    const { of, ...judged } = judge({ since: ago(7 * day), isAsked: true });
    expect(judged).toMatchObject({ connection: { finchStatus: "reauth", tokens: [] }, superseded: [], expired: of });
    expect(judge({ since: ago(7 * day - 1), isAsked: true })).toMatchObject({ superseded: [], expired: [] });
  });

  it("does not end while Finch was not asked about each of them now, however long it has been", () => {
    const [long, longer] = [ago(8 * day), ago(9 * day)];
    expect(judge({ since: longer, isAsked: false }, { since: long, isAsked: true }).expired).toEqual([]);
    expect(judge({ since: longer, isAsked: true }, { since: long, isAsked: true }).expired).toHaveLength(2);
  });

  it("is nobody's where a token is valid", () => {
    const record = aTokenRecord();
    const judged = judgeConnection(
      aConnection({ tokens: [record] }),
      new Map([[record.tokenId, { kind: "reauthenticate_user" }]]),
      noon,
    );
    expect(judged).toMatchObject({ superseded: [], expired: [] });
  });
});

describe("a connection whose tokens are gone", () => {
  const createEmptied = async () => {
    const setting = await createStage();
    await setting.pass(30, () => [invalid, invalid]);
    return setting;
  };

  it("stays, is looked at without a call, and prompts nobody again", async () => {
    const { check, finch, told, stored, customerId, connections, advance } = await createEmptied();
    const [calls, count] = [finch.calls.length, told().length];
    const before = await stored();
    advance(2 * day);
    expect(await check()).toMatchObject({ ok: true, value: { finchStatus: "reauth" } });
    expect([finch.calls.length, told().length]).toEqual([calls, count]);
    expect((await stored()).nextCheckAt.getTime()).toBeGreaterThan(before.nextCheckAt.getTime());
    const { items } = await connections.list(customerId, {
      limit: 5,
      from: undefined,
      status: "reauth",
      providerId: undefined,
    });
    expect(items).toHaveLength(1);
  });

  it("is healed by a new sign-in", async () => {
    const { bringToken, finchSays, check, stored } = await createEmptied();
    await bringToken(2, ["e1"]);
    finchSays(invalid, invalid, one);
    await check();
    expect(await stored()).toMatchObject({ finchStatus: "connected", tokens: [{ entityIds: ["e1"] }] });
  });

  it("is ended at once when its disconnect is asked for: Finch has called it gone for a week", async () => {
    const { deps, finch, customerId, connectionId, connections, memory } = await createEmptied();
    await requestDisconnect(deps)(customerId, connectionId);
    const drive = driveDisconnect({ ...deps, customerHash: async () => "keyed-hash" });
    expect(await drive(customerId, connectionId)).toBe("confirmed");
    expect(finch.calls.some(({ operation }) => operation === "disconnect")).toBe(false);
    expect([await connections.find(customerId, connectionId), memory.tombstones.size]).toEqual([undefined, 1]);
  });
});
