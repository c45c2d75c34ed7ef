/** The parts of items: each value that there can be comes back as it was, and each that there cannot is refused. */
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { fromConnectionItem, toConnectionItem } from "#shared/dynamodb/connection-item.ts";
import { putLine, receiptTtl } from "#shared/dynamodb/deletion-item.ts";
import { type Item, readItem } from "#shared/dynamodb/item.ts";
import { fromSessionItem, sessionTtl, toCustomerSessionItem, toSessionItem } from "#shared/dynamodb/session-item.ts";
import { retention } from "#shared/retention.ts";
import {
  aConnection,
  aDisconnect,
  afterNoon,
  anEntityDisconnect,
  aSession,
  aTokenRecord,
  minute,
  noon,
} from "../../support/builders.ts";

const day = 24 * 60 * minute;

/** As DynamoDB gives it back. */
const stored = (item: Item): Item => unmarshall(marshall(item, { convertTopLevelContainer: false })) as Item;

describe("a session comes back", () => {
  it.each(["redirect", "embedded"] as const)("in mode %s", (mode) => {
    const session = aSession({ mode });
    expect(fromSessionItem(stored(toSessionItem(session)))).toEqual(session);
  });

  it.each(["connected", "known", "reconnected", "pending"] as const)("with the outcome %s", (outcome) => {
    const session = aSession({ status: "completed", outcome, endedAt: noon });
    expect(fromSessionItem(stored(toSessionItem(session)))).toEqual(session);
  });

  it.each([
    "connection_conflict",
    "customer_mismatch",
    "customer_deleting",
    "connection_limit",
    "connection_disconnecting",
    "wrong_account",
    "invalid_grant",
    "token_lost",
    "wrong_client_type",
    "token_too_large",
    "finch_refused",
  ] as const)("with the failure %s", (failureReason) => {
    const session = aSession({ status: "failed", failureReason, endedAt: noon });
    expect(fromSessionItem(stored(toSessionItem(session)))).toEqual(session);
  });
});

describe("a connection comes back", () => {
  it("with a token that is invalid, an employer's kind, and any reason to end it", () => {
    const employer = { entityId: "a", status: "available", readAt: noon, legalName: "Acme" } as const;
    const kinds = { entityType: "llc", entitySubtype: "s_corporation", einLastFour: "6789" };
    const connection = aConnection({
      tokens: [aTokenRecord({ invalidSince: noon })],
      employers: [{ ...employer, ...kinds }],
      disconnect: aDisconnect({ reason: "connection_limit" }),
    });
    expect(fromConnectionItem(stored(toConnectionItem(connection)))).toEqual(connection);
  });

  it("and is due with the first of its entities' ends", () => {
    const [early, late] = [
      anEntityDisconnect({ entityId: "a", nextAttemptAt: afterNoon(1) }),
      anEntityDisconnect({ entityId: "b", nextAttemptAt: afterNoon(minute) }),
    ];
    const dueAt = (...entityDisconnects: (typeof early)[]) =>
      toConnectionItem(aConnection({ entityDisconnects }))["due_at"];
    expect(dueAt(late, early)).toBe(dueAt(early));
    expect(dueAt(late)).not.toBe(dueAt(early));
  });
});

describe("what DynamoDB may delete", () => {
  it("is a receipt, so many days after the deletion was done", () => {
    expect(receiptTtl(noon) * 1_000).toBe(noon.getTime() + retention.deletionReceiptDays * day);
  });

  it("is what leads to a session, a day after the session", () => {
    const session = aSession();
    expect(toCustomerSessionItem(session)["ttl"]).toBe(sessionTtl(new Date(session.expiresAt.getTime() + day)));
  });
});

it("a receipt has no line of a connection that ended by itself", () => {
  const table = { name: "table", client: {} as never };
  expect(putLine(table, aConnection({ disconnect: aDisconnect() }), noon)).toEqual([]);
});

describe("an attribute", () => {
  it.each<[string, "texts" | "map" | "maps" | "textMap", unknown]>([
    ["a list of texts with a number in it", "texts", ["a", 1]],
    ["a map that is null", "map", null],
    ["a map of texts with a number in it", "textMap", { a: "b", c: 1 }],
    ["a list of maps with a text in it", "maps", [{}, "a"]],
    ["a list of maps with null in it", "maps", [{}, null]],
  ])("is refused that is %s", (_, kind, value) => {
    expect(() => readItem({ a: value })[kind]("a")).toThrow("malformed item: attribute a");
  });
});
