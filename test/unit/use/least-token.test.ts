/** Which of several tokens a use is given, each case by itself: what a property finds only now and then. */
import { describe, expect, it } from "vitest";
import { type Connection, firstVersion } from "#shared/connection/connection.ts";
import { chooseToken, type TokenWish } from "#shared/use/choose-token.ts";
import { forwardRequest } from "#shared/use/forward-request.ts";
import { readForwardPath } from "#shared/use/forward-rules.ts";
import { aConnection, afterNoon, aTokenRecord, minute, noon, withAnotherToken } from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { createUseSetting } from "../../support/use-setting.ts";

const entities = ["entity-1", "entity-2"].map((id) => ({ id, name: null, sourceId: null, status: "connected" }));
const chosenOf = (connection: Connection, wish: TokenWish) => {
  const choice = chooseToken(connection, wish);
  return "token" in choice ? choice.token.tokenId : choice.refusal;
};

describe("of tokens that serve", () => {
  const small = aTokenRecord({ products: ["company"], entityIds: ["entity-1", "entity-2"] });
  const large = aTokenRecord({ products: ["company", "directory"], entityIds: ["entity-1"] });
  const twin = aTokenRecord({ products: ["company"], entityIds: ["entity-1", "entity-2"] });

  it("the one with the fewest products is chosen, whichever is newer and whatever else it opens", () => {
    for (const tokens of [
      [small, large],
      [large, small],
    ]) {
      for (const entityId of [undefined, "entity-1"]) {
        const wish = { products: ["company"], entityId };
        expect(chosenOf(aConnection({ entities, tokens }), wish)).toBe(small.tokenId);
      }
    }
  });

  it("the newest of equals is chosen, also where an entity is named", () => {
    const wish = { products: [], entityId: "entity-1" };
    expect(chosenOf(aConnection({ entities, tokens: [small, twin] }), wish)).toBe(twin.tokenId);
    expect(chosenOf(aConnection({ entities, tokens: [twin, small] }), wish)).toBe(small.tokenId);
  });
});

describe("where none serves", () => {
  it("a token in trouble beside a healthy one does not ask for a sign-in that would not help", () => {
    const tokens = [aTokenRecord({ products: ["company"] }), aTokenRecord({ products: ["company"], status: "reauth" })];
    expect(chosenOf(aConnection({ tokens }), { products: ["individual"], entityId: undefined })).toEqual({
      reason: "product_not_granted",
      missing: ["individual"],
    });
  });

  it("a product is missing that only another entity's token opens", () => {
    const tokens = [
      aTokenRecord({ products: ["company"], entityIds: ["entity-1"] }),
      aTokenRecord({ products: ["directory"], entityIds: ["entity-2"] }),
    ];
    expect(chosenOf(aConnection({ entities, tokens }), { products: ["directory"], entityId: "entity-1" })).toEqual({
      reason: "product_not_granted",
      missing: ["directory"],
    });
  });
});

describe("a forwarded request", () => {
  it.each([
    ["that names two entities", "employer/company", "entity_ids[]=entity-1&entity_ids[]=entity-2", "wide"],
    ["about no entity", "providers", "entity_ids[]=entity-1", "wide"],
    ["that names one entity", "employer/company", "entity_ids[]=entity-1", "narrow"],
  ])("%s has the token that opens what it is about", async (_, path, query, expected) => {
    const narrow = aTokenRecord({ products: ["company"], entityIds: ["entity-1"] });
    const wide = aTokenRecord({ products: ["company"], entityIds: ["entity-1", "entity-2"] });
    const first = aConnection({ entities, tokens: [narrow], version: firstVersion(noon) });
    const { stores, vault, put } = await createUseSetting(first);
    await put(withAnotherToken(first, wide));
    const sent: string[] = [];
    const forward = forwardRequest({
      ...{ ...createMemorySurroundings(), ...stores, vault, rules: [] },
      forward: async (_request, accessToken) => {
        sent.push(accessToken.reveal());
        return { kind: "undecided", reason: "timeout" };
      },
      nudgeChecks: async () => expect.fail("nobody needs its customer"),
    });
    const { customerId, connectionId } = first;
    const request = { customerId, connectionId, method: "GET", path, query: new URLSearchParams(query), headers: {} };
    const about = { body: new Uint8Array(), caller: "backend", requestId: "request-1", deadline: afterNoon(minute) };
    expect(await forward({ ...request, ...about })).toMatchObject({ ok: true });
    expect(sent).toEqual([`token ${(expected === "wide" ? wide : narrow).tokenId}`]);
  });

  it("may have eight segments, and no more", () => {
    expect(readForwardPath("GET", "employer/a/b/c/d/e/f/g", [])).toBe("/employer/a/b/c/d/e/f/g");
    expect(readForwardPath("GET", "employer/a/b/c/d/e/f/g/h", [])).toBeUndefined();
  });
});
