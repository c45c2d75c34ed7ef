import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { RawItem } from "./world.ts";

/** What DynamoDB adds to each item, and to each of its copies in an index, when it bills storage. */
const perItemBytes = 100;
const keyNames = ["pk", "sk", "due_shard", "due_at"];

/** What items take in the table and its indexes, as DynamoDB bills it. */
export const storedBytes = (items: readonly RawItem[]): number =>
  items.reduce((total, item) => {
    const whole = itemBytes(item) + perItemBytes;
    const inListed = item["listed_at"] === undefined ? 0 : whole;
    const inLedger = item["ledger"] === undefined ? 0 : whole;
    const keysOnly = Object.fromEntries(Object.entries(item).filter(([name]) => keyNames.includes(name)));
    const inDue = item["due_shard"] === undefined ? 0 : itemBytes(keysOnly) + perItemBytes;
    return total + whole + inListed + inLedger + inDue;
  }, 0);

/** An item's size by DynamoDB's rules: names and values. */
const itemBytes = (item: RawItem): number =>
  Object.entries(item).reduce((total, [name, value]) => total + Buffer.byteLength(name) + valueBytes(value), 0);

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.length;
  // Two digits a byte, and one more.
  if (value.N !== undefined) return Math.ceil(value.N.replace(/\D/g, "").length / 2) + 1;
  if (value.L !== undefined) return value.L.reduce((total, each) => total + 1 + valueBytes(each), 3);
  if (value.M !== undefined) return itemBytes(value.M) + Object.keys(value.M).length + 3;
  return 1;
};
