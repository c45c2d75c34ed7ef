/** Older tokens that a healthy one makes superfluous: which go, when, and that the last never does. */
import { describe, expect, it } from "vitest";
import { checkConnection } from "#shared/connection/check-connection.ts";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { supersededBy } from "#shared/connection/with-introspection.ts";
import {
  aConnection,
  aGrant,
  anIntrospection,
  aTokenRecord,
  newConnectionId,
  newTokenId,
  noon,
} from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

interface Covers {
  readonly products: readonly string[];
  readonly entityIds: readonly string[];
}
const covers = (products: string, entityIds: string): Covers => ({
  products: products.split(" "),
  entityIds: entityIds.split(" "),
});

/** A connection with these tokens, the oldest first; Finch says of the newest what it covers. */
const createStage = async (...tokens: readonly Covers[]) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const connectionId = newConnectionId();
  const sayOf = ({ products, entityIds }: Covers, changes: Partial<Introspection> = {}): IntrospectAnswer => {
    const entities = entityIds.map((id) => ({ id, name: null, sourceId: null, status: null }));
    return { kind: "introspected", introspection: anIntrospection({ connectionId, products, entities, ...changes }) };
  };
  for (const [index, token] of tokens.entries()) {
    const grant = aGrant({ connectionId, ...token });
    await setting.bring(acme, grant);
    // The newest waits for its test.
    if (index < tokens.length - 1) setting.finch.saysOf(grant.accessToken.reveal(), sayOf(token));
  }
  const destroyed: Sealed[] = [];
  const vault = { ...setting.vault, destroy: async (sealed: Sealed) => void destroyed.push(sealed) };
  const newest = tokens.at(-1) ?? covers("company", "e1");
  const says = (changes: Partial<Introspection> = {}): IntrospectAnswer => sayOf(newest, changes);
  const check = () => checkConnection({ ...setting.deps, vault })(acme, connectionId);
  const stored = async () => (await setting.connections.find(acme, connectionId)) ?? expect.fail();
  const before = await stored();
  const left = async () => {
    const named = (await stored()).tokens.map(({ tokenId }) => tokenId);
    const kept = [...setting.memory.tokens.values()].map(({ record }) => record.tokenId);
    expect(kept.toSorted()).toEqual(named.toSorted());
    return named.map((tokenId) => before.tokens.findIndex((token) => token.tokenId === tokenId));
  };
  return { ...setting, deps: { ...setting.deps, vault }, says, check, stored, left, destroyed, before };
};

describe("supersession", () => {
  it.each<[string, Covers[], number[]]>([
    ["the same twice", [covers("company", "e1"), covers("company", "e1")], [1]],
    ["more products", [covers("company", "e1"), covers("company payment", "e1")], [1]],
    ["more entities", [covers("company", "e1"), covers("company", "e1 e2")], [1]],
    ["another product", [covers("company", "e1"), covers("payment", "e1")], [0, 1]],
    ["another entity", [covers("company", "e1"), covers("company", "e2")], [0, 1]],
    ["fewer products", [covers("company payment", "e1"), covers("company", "e1")], [0, 1]],
    ["fewer entities", [covers("company", "e1 e2"), covers("company", "e1")], [0, 1]],
    ["some of several", [covers("company", "e1"), covers("payment", "e1"), covers("company", "e1")], [1, 2]],
    ["one alone", [covers("company", "e1")], [0]],
  ])("%s", async (_, tokens, expected) => {
    const { check, finch, says, left, destroyed, memory } = await createStage(...tokens);
    const sealed = [...memory.tokens.values()].map((token) => token.sealed);
    finch.willAnswerIntrospect(says());
    await check();
    expect(await left()).toEqual(expected);
    expect(new Set(destroyed)).toEqual(new Set(sealed.filter((_each, index) => !expected.includes(index))));
  });

  it.each<[string, (says: (changes: Partial<Introspection>) => IntrospectAnswer) => IntrospectAnswer]>([
    ["signed out", (says) => says({ status: "reauth" })],
    ["still working", (says) => says({ status: "processing" })],
    ["to be signed in again", () => ({ kind: "reauthenticate_user" })],
    ["invalid", () => ({ kind: "invalid_token" })],
  ])("waits while the newest is %s", async (_, answer) => {
    const both = covers("company", "e1");
    const { check, finch, says, left, destroyed } = await createStage(both, both);
    finch.willAnswerIntrospect(answer(says));
    await check();
    expect([await left(), destroyed]).toEqual([[0, 1], []]);
  });

  it("never takes the last token, also when two are introspected at once", async () => {
    const both = covers("company", "e1");
    const { check, finch, says, left, destroyed } = await createStage(both, both, both);
    finch.willAnswerIntrospect(says(), says(), says(), says());
    await Promise.all([check(), check()]);
    expect(await left()).toEqual([2]);
    expect(destroyed).toHaveLength(2);
  });

  it("destroys nothing before the connection has let go of it", async () => {
    const both = covers("company", "e1");
    const { check, finch, says, left, destroyed, connections, deps, before } = await createStage(both, both);
    finch.willAnswerIntrospect(says());
    const replace = async () => {
      throw new Error("throttled");
    };
    const failing = checkConnection({ ...deps, connections: { ...connections, replace } });
    await expect(failing(before.customerId, before.connectionId)).rejects.toThrow("throttled");
    expect([await left(), destroyed]).toEqual([[0, 1], []]);
    finch.willAnswerIntrospect(says());
    await check();
    expect(await left()).toEqual([1]);
  });

  it("keeps the entities that the tokens that stay open, and forgets the others", async () => {
    const { check, finch, says, stored } = await createStage(covers("company", "e1"), covers("payment", "e2"));
    finch.willAnswerIntrospect(says());
    await check();
    expect((await stored()).entities.map(({ id }) => id)).toEqual(["e2", "e1"]);
  });

  it("takes as many as one write takes, the oldest first, and the rest at the next look", async () => {
    const { check, finch, says, left } = await createStage(
      ...Array.from({ length: 120 }, () => covers("company", "e1")),
    );
    finch.willAnswerIntrospect(says(), says());
    await check();
    expect(await left()).toEqual(Array.from({ length: 40 }, (_, index) => 80 + index));
    await check();
    expect(await left()).toEqual([119]);
  });
});

it("nothing is superseded by a token that is not healthy, or not the connection's", () => {
  const [older, newest] = [aTokenRecord(), aTokenRecord()];
  const by = (changes: Partial<typeof newest>, tokenId = newest.tokenId) =>
    supersededBy(aConnection({ tokens: [older, { ...newest, ...changes }] }), tokenId);
  expect(by({})).toEqual([older.tokenId]);
  expect(by({}, newTokenId())).toEqual([]);
  expect(by({ invalidSince: noon })).toEqual([]);
  expect(by({ status: "processing" })).toEqual([]);
});
