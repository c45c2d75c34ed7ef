/** The small values: secrets, identifiers, entities and products of a connection. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { productsOf, withEntities } from "#shared/connection/connection.ts";
import { parseConnectionId, parseCustomerId, parseSessionId, parseTokenId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, aGrant, aTokenRecord } from "../../support/builders.ts";

describe("a secret", () => {
  it("shows its text to nobody but who reveals it", () => {
    const text = "not-a-real-secret";
    const hidden = secret(text);
    expect(hidden.reveal()).toBe(text);
    const holders = [hidden, { hidden }, [hidden], new Map([["hidden", hidden]]), aGrant({ accessToken: hidden })];
    for (const holder of holders) {
      for (const shown of [JSON.stringify(holder), inspect(holder, { depth: 9, showHidden: true }), `${holder}`]) {
        expect(shown).not.toContain(text);
      }
    }
    expect(inspect(new Error("failed", { cause: hidden }))).not.toContain(text);
    // It cannot be sent to another thread or put into a store by accident either.
    expect(() => structuredClone(hidden)).toThrow();
  });
});

describe("identifiers", () => {
  it.each(["a", "acme", "A-b_c.d:e@f|g~h", "...", "x".repeat(255)])("takes %j for a customer", (text) => {
    expect(parseCustomerId(text)).toBe(text);
  });
  it.each(["", ".", "..", "a b", "a/b", "a#b", "a\n", "é", "a%2e", "x".repeat(256)])(
    "takes %j for no customer",
    (text) => {
      expect(parseCustomerId(text)).toBeUndefined();
    },
  );
  it.each(["", "a b", "a#b", "a.b", "a/b", "a\n", "x".repeat(129)])("takes %j for no connection", (text) => {
    expect(parseConnectionId(text)).toBeUndefined();
  });
  it("takes UUIDs in lower case for sessions and tokens, and nothing else", () => {
    const uuid = "0190c0de-0000-7000-8000-00000000000a";
    expect([parseSessionId(uuid), parseTokenId(uuid), parseConnectionId(uuid)]).toEqual([uuid, uuid, uuid]);
    for (const text of [uuid.toUpperCase(), `${uuid}\n`, ` ${uuid}`, uuid.replaceAll("-", ""), ""]) {
      expect([parseSessionId(text), parseTokenId(text)]).toEqual([undefined, undefined]);
    }
  });
});

describe("a connection", () => {
  it("opens the products of all its tokens, each once, in order", () => {
    const tokens = [aTokenRecord({ products: ["payment", "company"] }), aTokenRecord({ products: ["company", "ssn"] })];
    expect(productsOf(aConnection({ tokens }))).toEqual(["company", "payment", "ssn"]);
  });

  it("gains entities that it does not know, and keeps what is known of the others", () => {
    const known = [{ id: "a", name: "A", sourceId: "1", status: "connected" }];
    const unknown = (id: string) => ({ id, name: null, sourceId: null, status: null });
    expect(withEntities(known, ["c", "a", "b", "c"])).toEqual([...known, unknown("c"), unknown("b")]);
    expect(withEntities([], [])).toEqual([]);
  });
});
