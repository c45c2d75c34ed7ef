/** Which token serves a wish. It is long because every way in which none does is here. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connection, TokenRecord } from "#shared/connection/connection.ts";
import { chooseToken, type TokenWish } from "#shared/use/choose-token.ts";
import { aConnection, aDisconnect, afterNoon, anEntityDisconnect, aTokenRecord, noon } from "../../support/builders.ts";

const anyOf = (products: readonly string[], entityId?: string): TokenWish => ({ products, entityId });

const chosenOf = (connection: Connection, wish: TokenWish) => {
  const choice = chooseToken(connection, wish);
  return "token" in choice ? choice.token.tokenId : choice.refusal;
};

describe("choosing a connection's token", () => {
  const products = ["company", "directory", "individual", "employment"];
  const entities = ["entity-1", "entity-2", "entity-3"];
  const statuses = [
    "connected",
    "pending",
    "processing",
    "reauth",
    "error_permissions",
    "error_no_account_setup",
    "new",
  ];
  const calm = ["connected", "pending", "processing"];

  const tokens = fc.array(
    fc.record({
      products: fc.subarray(products),
      entityIds: fc.subarray(entities),
      status: fc.constantFrom(...statuses),
      invalidSince: fc.constantFrom(null, noon),
      age: fc.nat(50),
    }),
    { maxLength: 6 },
  );
  const connections = fc
    .record({
      tokens,
      held: fc.boolean(),
      ending: fc.boolean(),
      known: fc.subarray(entities),
      entityStatus: fc.constantFrom(null, "connected", "reauth", "disconnected"),
      endingEntity: fc.boolean(),
    })
    .map(({ tokens: some, held, ending, known, entityStatus, endingEntity }) =>
      aConnection({
        heldReason: held ? "acceptance_required" : null,
        disconnect: ending ? aDisconnect() : null,
        entities: known.map((id) => ({ id, name: null, sourceId: null, status: entityStatus })),
        entityDisconnects: endingEntity && known[0] !== undefined ? [anEntityDisconnect({ entityId: known[0] })] : [],
        tokens: some
          .toSorted((one, other) => one.age - other.age)
          .map(({ age, ...token }) => aTokenRecord({ ...token, createdAt: afterNoon(age) })),
      }),
    );
  const wishes = fc.record({
    products: fc.subarray(products),
    entityId: fc.option(fc.constantFrom(...entities, "entity-of-nobody"), { nil: undefined }),
  });

  const serves = ({ products: opened, entityIds, status, invalidSince }: TokenRecord, wish: TokenWish): boolean =>
    invalidSince === null &&
    calm.includes(status) &&
    wish.products.every((product) => opened.includes(product)) &&
    (wish.entityId === undefined || entityIds.includes(wish.entityId));

  it("gives one of the connection's own that is healthy and opens all that is wished, with the least else, and of equals the newest", () => {
    fc.assert(
      fc.property(connections, wishes, (connection, wish) => {
        const choice = chooseToken(connection, wish);
        if (!("token" in choice)) return;
        const { token } = choice;
        expect(connection.tokens).toContain(token);
        expect(connection.disconnect ?? connection.heldReason).toBeNull();
        expect(serves(token, wish)).toBe(true);
        const rank = (each: TokenRecord) =>
          [each.products.length, wish.entityId === undefined ? 0 : each.entityIds.length] as const;
        const [most, further] = rank(token);
        for (const [index, other] of connection.tokens.entries()) {
          if (other === token || !serves(other, wish)) continue;
          const [its, itsFurther] = rank(other);
          expect(its >= most).toBe(true);
          if (its === most) expect(itsFurther >= further).toBe(true);
          if (its === most && itsFurther === further) expect(index < connection.tokens.indexOf(token)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("refuses only where none serves, the connection is not to be used, or the entity is not", () => {
    fc.assert(
      fc.property(connections, wishes, (connection, wish) => {
        const choice = chooseToken(connection, wish);
        if ("token" in choice) return;
        const entity = connection.entities.find(({ id }) => id === wish.entityId);
        const isEnding = connection.entityDisconnects.some(({ entityId }) => entityId === wish.entityId);
        const entityServes =
          wish.entityId === undefined ||
          (entity !== undefined && !isEnding && (entity.status === null || calm.includes(entity.status)));
        const isUsable = connection.disconnect === null && connection.heldReason === null && entityServes;
        expect(isUsable && connection.tokens.some((token) => serves(token, wish))).toBe(false);
        if (choice.refusal.reason !== "product_not_granted") return;
        // A healthy token there is, and no sign-in with what was granted before would help.
        expect(connection.tokens.some((token) => serves(token, anyOf([])))).toBe(true);
        for (const product of choice.refusal.missing) {
          expect(connection.tokens.some((token) => covers(token, product, wish))).toBe(false);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  const covers = (token: TokenRecord, product: string, { entityId }: TokenWish): boolean =>
    token.products.includes(product) && (entityId === undefined || token.entityIds.includes(entityId));

  describe("says why there is none", () => {
    const reauth = aTokenRecord({ status: "reauth" });
    const invalid = aTokenRecord({ invalidSince: noon });
    const entityIn = (status: string) => ({
      entities: [{ id: "entity-1", name: null, sourceId: null, status }],
    });
    it.each<[string, Partial<Connection>, TokenWish, object]>([
      [
        "a disconnect before all else",
        { disconnect: aDisconnect(), heldReason: "wrong_account" },
        anyOf([]),
        { reason: "disconnecting" },
      ],
      [
        "held, even where it is in trouble",
        { heldReason: "wrong_account", tokens: [reauth] },
        anyOf([]),
        { reason: "held" },
      ],
      ["an entity that it does not have", {}, anyOf([], "entity-9"), { reason: "entity_unknown" }],
      [
        "an entity that is being ended",
        { entityDisconnects: [anEntityDisconnect()] },
        anyOf([], "entity-1"),
        { reason: "disconnecting" },
      ],
      ["an entity that has ended", entityIn("disconnected"), anyOf([], "entity-1"), { reason: "disconnecting" }],
      [
        "an entity that needs its customer",
        entityIn("reauth"),
        anyOf([], "entity-1"),
        { reason: "reauthentication_required" },
      ],
      ["no token left", { tokens: [] }, anyOf([]), { reason: "reauthentication_required" }],
      ["no token left to tell", { tokens: [] }, anyOf([], "entity-9"), { reason: "reauthentication_required" }],
      [
        "no healthy token that would tell whether there is such an entity",
        { tokens: [reauth, invalid] },
        anyOf([], "entity-9"),
        { reason: "reauthentication_required" },
      ],
      ["a sign-in that is over", { tokens: [reauth] }, anyOf([]), { reason: "reauthentication_required" }],
      ["tokens that Finch calls invalid", { tokens: [invalid] }, anyOf([]), { reason: "reauthentication_required" }],
      [
        "a product that only a token in trouble opens",
        {
          tokens: [
            aTokenRecord({ products: ["company"] }),
            aTokenRecord({ status: "reauth", products: ["individual"] }),
          ],
        },
        anyOf(["individual"]),
        { reason: "reauthentication_required" },
      ],
      [
        "products that none opens",
        {},
        anyOf(["company", "individual", "ssn"]),
        { reason: "product_not_granted", missing: ["individual", "ssn"] },
      ],
      [
        "products that no single one has all of",
        { tokens: [aTokenRecord({ products: ["company"] }), aTokenRecord({ products: ["individual"] })] },
        anyOf(["company", "individual"]),
        { reason: "product_not_granted", missing: [] },
      ],
    ])("%s", (_, changes, wish, refusal) => {
      expect(chosenOf(aConnection(changes), wish)).toEqual(refusal);
    });
  });

  it("looks at how many entities a token opens only where one is named", () => {
    const wide = aTokenRecord({ entityIds: ["entity-1", "entity-2"] });
    const narrow = aTokenRecord({ entityIds: ["entity-1"] });
    const connection = aConnection({ tokens: [narrow, wide] });
    expect(chosenOf(connection, anyOf([], "entity-1"))).toBe(narrow.tokenId);
    expect(chosenOf(connection, anyOf([]))).toBe(wide.tokenId);
  });
});
