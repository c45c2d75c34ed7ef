/** The small values: secrets, identifiers, entities and products of a connection. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  connectionStatus,
  isFirstVersion,
  isInTrouble,
  isInUse,
  productsOf,
  withEntities,
} from "#shared/connection/connection.ts";
import {
  parseAuditId,
  parseConnectionId,
  parseCustomerId,
  parseDeletionId,
  parseSessionId,
  parseTokenId,
} from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, aDisconnect, afterNoon, aGrant, aTokenRecord } from "../../support/builders.ts";

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
  it("takes UUIDs in lower case for what is Perch's own, and nothing else", () => {
    const uuid = "0190c0de-0000-7000-8000-00000000000a";
    expect(parseConnectionId(uuid)).toBe(uuid);
    for (const parse of [parseSessionId, parseTokenId, parseDeletionId, parseAuditId]) {
      expect(parse(uuid)).toBe(uuid);
      for (const text of [uuid.toUpperCase(), `${uuid}\n`, ` ${uuid}`, uuid.replaceAll("-", ""), ""]) {
        expect(parse(text)).toBeUndefined();
      }
    }
  });
});

describe("a connection", () => {
  const held = { heldReason: "wrong_account" } as const;

  it("has Finch's status, unless it is held or being ended, which comes first", () => {
    const statusOf = (changes: Parameters<typeof aConnection>[0]) => connectionStatus(aConnection(changes));
    expect(statusOf({ finchStatus: "error_permissions" })).toBe("error_permissions");
    expect(statusOf({ finchStatus: "reauth", ...held })).toBe("held");
    expect(statusOf({ ...held, disconnect: aDisconnect() })).toBe("disconnecting");
  });

  it("is in use when it is neither held nor being ended", () => {
    expect(isInUse(aConnection())).toBe(true);
    expect(isInUse(aConnection(held))).toBe(false);
    expect(isInUse(aConnection({ disconnect: aDisconnect() }))).toBe(false);
  });

  it.each([
    ["connected", [], false],
    ["pending", [], false],
    ["processing", [null, "connected", "pending", "processing", "disconnected"], false],
    ["reauth", [], true],
    ["disconnected", [], true],
    ["connected", ["connected", "error_permissions"], true],
    ["connected", ["reauth", "connected"], true],
  ])("that is %s, with entities %j, is in trouble: %j", (finchStatus, statuses, expected) => {
    const entities = statuses.map((status, at) => ({ id: `e${at}`, name: null, sourceId: null, status }));
    expect(isInTrouble(aConnection({ finchStatus, entities }))).toBe(expected);
  });

  it("is in its first version until it changes", () => {
    const made = aConnection({ createdAt: afterNoon(7) });
    expect(isFirstVersion(made)).toBe(true);
    expect(isFirstVersion({ ...made, version: made.version + 1 })).toBe(false);
  });

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
