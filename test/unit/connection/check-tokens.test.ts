/** A look asks about every token of a connection: which one speaks for the connection, and what each one's record takes. */
import { describe, expect, it } from "vitest";
import { checkConnection, lookAt } from "#shared/connection/check-connection.ts";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { minute, nthVersion } from "../../support/builders.ts";
import { createCheckSetting, entity, invalid, rateLimited, says, signedOut, unpaid } from "./check-setting.ts";

const setupRequired: IntrospectAnswer = { kind: "account_setup_required" };
const broken: IntrospectAnswer = { kind: "undecided", reason: "server_error" };
/** What only the first of two tokens opens, so that neither supersedes the other. */
const first = { products: ["payment"], entities: [entity("e1", "One")], username: "first" };
const second = { products: ["company"], entities: [entity("e2", "Two")], username: "second" };

describe("a connection with several tokens", () => {
  it("is asked about with all of them, and each one's record takes what is said of it", async () => {
    const { check, finchSays, stored, asked, now } = await createCheckSetting(["e0"], ["e1"], ["e2"], ["e3"]);
    finchSays(invalid, setupRequired, says({ ...first, status: "processing" }), says(second));
    await check();
    expect(asked()).toEqual([3, 2, 1, 0]);
    expect(
      (await stored()).tokens.map(({ status, products, invalidSince }) => [status, products, invalidSince]),
    ).toEqual([
      ["connected", ["company", "directory"], now()],
      ["error_no_account_setup", ["company", "directory"], null],
      ["processing", ["payment"], null],
      ["connected", ["company"], null],
    ]);
  });

  it.each<[string, IntrospectAnswer, IntrospectAnswer, string, string | null]>([
    ["the newest speaks for it", says(first), says(second), "connected", "second"],
    ["also with bad news", says(first), says({ ...second, status: "reauth" }), "reauth", "second"],
    ["also where it is signed out", says(first), signedOut, "reauth", null],
    ["also where something is to be set up", says(first), setupRequired, "error_no_account_setup", null],
    ["an older one where the newest is invalid", says(first), invalid, "connected", "first"],
    ["an older one that is signed out where the newest is invalid", signedOut, invalid, "reauth", null],
    ["none where all are invalid", invalid, invalid, "reauth", null],
  ])("%s", async (_, older, newest, finchStatus, username) => {
    const { check, finchSays, stored } = await createCheckSetting(["e1"], ["e2"]);
    finchSays(older, newest);
    await check();
    expect(await stored()).toMatchObject({ finchStatus, username, version: nthVersion(3) });
    expect((await stored()).tokens).toHaveLength(2);
  });

  it("keeps the entities that only another token opens, and forgets those that none opens", async () => {
    const { check, finchSays, stored } = await createCheckSetting(["e1", "e2"], ["e2", "e3"]);
    const products = ["payment"];
    finchSays(
      says({ products, entities: [entity("e1"), entity("e2", "Zwei")] }),
      says({ entities: [entity("e2", "Two"), entity("e4", "Four")] }),
    );
    await check();
    const { entities, tokens } = await stored();
    expect(entities.map(({ id, name }) => [id, name])).toEqual([
      ["e2", "Two"],
      ["e4", "Four"],
      ["e1", null],
    ]);
    expect(tokens.map(({ entityIds }) => entityIds)).toEqual([
      ["e1", "e2"],
      ["e2", "e4"],
    ]);
  });

  it("remembers since when one is invalid, keeps it, and forgets that when it is valid again", async () => {
    const { check, finchSays, stored, now, advance, memory } = await createCheckSetting(["e0"], ["e1"]);
    const since = now();
    finchSays(says(first), invalid);
    await check();
    advance(minute);
    await check();
    expect((await stored()).tokens.map(({ invalidSince }) => invalidSince)).toEqual([null, since]);
    finchSays(says(first), says(second));
    await check();
    expect((await stored()).tokens.map(({ invalidSince }) => invalidSince)).toEqual([null, null]);
    expect(memory.tokens.size).toBe(2);
  });
});

describe("a connection with more tokens than are asked about at once", () => {
  const texts = Array.from({ length: 7 }, (_, index) => [`e${index}`]);

  it("is asked about with all of them, where nothing is wrong with the platform", async () => {
    const { check, finchSays, finch } = await createCheckSetting(...texts);
    finchSays(...texts.map((entityIds) => says({ products: entityIds })), invalid);
    await check();
    expect(finch.calls.filter(({ operation }) => operation === "introspect")).toHaveLength(7);
  });

  it("is asked about no further with the first answer about the platform", async () => {
    const { check, finchSays, finch } = await createCheckSetting(...texts);
    finchSays(...texts.map((entityIds, index) => (index === 3 ? unpaid : says({ products: entityIds }))));
    expect(await check()).toMatchObject({ ok: false, refusal: { reason: "finch", answer: unpaid } });
    expect(finch.calls.filter(({ operation }) => operation === "introspect")).toHaveLength(5);
  });

  it("is asked about to the end, where one of the first is missing", async () => {
    const { check, finchSays, finch, memory } = await createCheckSetting(...texts);
    finchSays(...texts.map((entityIds) => says({ products: entityIds })));
    memory.tokens.delete([...memory.tokens.keys()][4] ?? expect.fail());
    // It was not superseded but is lost: the second look is without it.
    expect(await check()).toMatchObject({ ok: true });
    expect(finch.calls.filter(({ operation }) => operation === "introspect")).toHaveLength(2 * 6);
  });
});

describe("a token that nothing is said of", () => {
  it("is left as it was, if a newer one speaks for the connection", async () => {
    const { check, finchSays, stored, before } = await createCheckSetting(["e1"], ["e2"]);
    finchSays(broken, says(second));
    expect(await check()).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject({ finchStatus: "connected", username: "second" });
    expect((await stored()).tokens[0]).toEqual(before.tokens[0]);
  });

  it.each<[string, IntrospectAnswer, IntrospectAnswer]>([
    ["the newest", says(first), broken],
    ["the newest, though an older one is signed out", signedOut, rateLimited],
    ["the only one that may be valid", broken, invalid],
    ["any, when the trouble is the platform's", unpaid, says(second)],
  ])("leaves everything as it was, if it is %s", async (_, older, newest) => {
    const { check, finchSays, stored, before, told } = await createCheckSetting(["e1"], ["e2"]);
    finchSays(older, newest);
    expect(await check()).toMatchObject({ ok: false, refusal: { reason: "finch" } });
    expect({ ...(await stored()), nextCheckAt: before.nextCheckAt }).toEqual(before);
    expect(told()).toEqual([]);
  });

  it.each([
    ["older: the look goes on without it", 0, "connected"],
    ["the newest: the others speak for the connection", 1, "connected"],
  ])("because its item is lost, %s", async (_, lost, finchStatus) => {
    const { check, finchSays, stored, before, memory } = await createCheckSetting(["e1"], ["e2"]);
    finchSays(says(first), says(second));
    for (const [key, { record }] of memory.tokens) {
      if (record.tokenId === before.tokens[lost]?.tokenId) memory.tokens.delete(key);
    }
    expect(await check()).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject({ finchStatus, username: lost === 0 ? "second" : "first" });
    expect((await stored()).tokens[lost]).toEqual(before.tokens[lost]);
  });

  it("because all items are lost, leaves the connection as it was until the next look", async () => {
    const { deps, stored, before, memory, now, customerId, connectionId } = await createCheckSetting(["e1"]);
    memory.tokens.clear();
    let reads = 0;
    const findToken: typeof deps.connections.findToken = (...asked) => {
      reads += 1;
      return deps.connections.findToken(...asked);
    };
    const check = checkConnection({ ...deps, connections: { ...deps.connections, findToken } });
    expect(await check(customerId, connectionId)).toEqual({ ok: true, value: before });
    // Once to see that it is missing, and once more to see that it was not superseded just then.
    expect(reads).toBe(2);
    expect({ ...(await stored()), nextCheckAt: before.nextCheckAt }).toEqual(before);
    expect((await stored()).nextCheckAt.getTime()).toBeGreaterThan(now().getTime());
  });
});

it("a look counts the calls to Finch, and not the tokens that it could not ask with", async () => {
  const { deps, finchSays, memory, before } = await createCheckSetting(["e0"], ["e1"], ["e2"]);
  finchSays(says(first), says(second), says(first));
  memory.tokens.delete([...memory.tokens.keys()][1] ?? expect.fail());
  expect(await lookAt(deps, before, true)).toMatchObject({ kind: "seen", calls: 2 });
  expect(await lookAt(deps, before, false)).toEqual({ kind: "overtaken", calls: 2 });
});

describe("a token that does not open", () => {
  const spoil = async (index: number) => {
    const setting = await createCheckSetting(["e1"], ["e2"]);
    const { tokenId } = setting.before.tokens[index] ?? expect.fail();
    for (const [key, token] of setting.memory.tokens) {
      if (token.record.tokenId !== tokenId) continue;
      setting.memory.tokens.set(key, { ...token, sealed: { ciphertext: new Uint8Array(40) } });
    }
    setting.finchSays(says(first), says(second));
    return setting;
  };

  it("throws and changes nothing, if the connection's status hangs on it", async () => {
    const { check, before, stored } = await spoil(1);
    await expect(check()).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });

  it("is left as it was, if a newer one speaks for the connection", async () => {
    const { check, before, stored } = await spoil(0);
    expect(await check()).toMatchObject({ ok: true, value: { username: "second" } });
    expect((await stored()).tokens[0]).toEqual(before.tokens[0]);
  });

  it("also throws when an older one is invalid: nothing follows from that one alone", async () => {
    const { check, before, stored, finchSays, deps, customerId, connectionId } = await spoil(1);
    finchSays(invalid);
    await expect(check()).rejects.toThrow();
    await expect(checkConnection(deps)(customerId, connectionId)).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });
});
