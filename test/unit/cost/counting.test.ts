import { describe, expect, it } from "vitest";
import { withSections } from "../../../local/evidence/sections.ts";
import { billOf, totalOf } from "../../cost/bill.ts";
import { readCapacity } from "../../cost/capacity.ts";
import { storedBytes } from "../../cost/stored.ts";
import { nothing, sum, times } from "../../cost/usage.ts";

describe("request units", () => {
  const consumed = {
    CapacityUnits: 15,
    Table: { CapacityUnits: 10 },
    LocalSecondaryIndexes: { listed: { CapacityUnits: 2 } },
    GlobalSecondaryIndexes: { due: { CapacityUnits: 1 }, ledger: { CapacityUnits: 2 } },
  };

  it("are those of the table and its indexes; a transaction's local index counts twice, as its table does already", () => {
    expect(readCapacity("UpdateItem", { ConsumedCapacity: consumed })).toEqual({ readUnits: 0, writeUnits: 15 });
    expect(readCapacity("TransactWriteItems", { ConsumedCapacity: [consumed] })).toEqual({
      readUnits: 0,
      writeUnits: 17,
    });
    expect(readCapacity("Query", { ConsumedCapacity: { Table: { CapacityUnits: 0.5 } } })).toEqual({
      readUnits: 0.5,
      writeUnits: 0,
    });
  });

  it("are one for a refused write, and of an unknown operation nobody says", () => {
    const refused = { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" };
    expect(readCapacity("PutItem", refused)).toEqual({ readUnits: 0, writeUnits: 1 });
    expect(() => readCapacity("ExecuteStatement", {})).toThrow("nobody counts");
    expect(() => readCapacity("GetItem", {})).toThrow("does not say");
  });
});

it("an item is stored once, and again in each index that has it", () => {
  const keys = { pk: { S: "1234" }, sk: { S: "12" } };
  // Names and values are 10 bytes, and 100 come on top.
  expect(storedBytes([keys])).toBe(110);
  // `n`, `m` and `b`: 1 + 3, 1 + 3 + 1 + (1 + 2), 1 + 4.
  const values = { n: { N: "1234" }, m: { M: { k: { S: "12" } } }, b: { B: new Uint8Array(4) } };
  expect(storedBytes([{ ...keys, ...values }])).toBe(110 + 4 + 8 + 5);
  const listed = { listed_at: { S: "1" } };
  expect(storedBytes([{ ...keys, ...listed }])).toBe(2 * 120);
  const due = { due_shard: { S: "1" }, due_at: { S: "1" } };
  expect(storedBytes([{ ...keys, ...due, n: { N: "1" } }])).toBe(110 + 17 + 3 + (110 + 17));
});

it("a bill is linear in what is used", () => {
  const one = { ...nothing, gatewayRequests: 1, readUnits: 1, writeUnits: 2, lambdaMs: 10, kmsRequests: 1 };
  const million = billOf(times(one, 1e6));
  expect(million).toMatchObject({ gateway: 1, dynamodb: 0.125 + 1.25, kms: 3, finchWait: 0, secrets: 0 });
  expect(million.lambda).toBeCloseTo(0.1333, 4);
  expect(totalOf(billOf(sum(one, one)))).toBeCloseTo(2 * totalOf(billOf(one)), 12);
});

describe("a document's parts", () => {
  const document = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n";

  it("are replaced, and the rest stays", () => {
    const written = withSections(document, { x: "new" });
    expect(written).toBe("a\n<!-- begin x -->\nnew\n<!-- end x -->\nb\n");
    expect(withSections(written, { x: "new" })).toBe(written);
  });

  it("are all written, and all there", () => {
    expect(() => withSections(document, {})).toThrow("nobody writes the part x");
    expect(() => withSections(document, { x: "1", y: "2" })).toThrow("no part y");
  });
});
