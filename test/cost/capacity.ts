import type { Usage } from "./usage.ts";

type Json = Readonly<Record<string, unknown>>;

interface Consumed {
  readonly Table?: { readonly CapacityUnits: number };
  readonly LocalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits: number }>>;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits: number }>>;
}

const reads = new Set(["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"]);
const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);

/**
 * The request units that DynamoDB's answer says a call has consumed, each index's included. A transaction's answer has the
 * table's part doubled, as AWS bills it. Whether AWS doubles the local index's part is not documented: here it is, since
 * it is written with the item. A condition that failed is billed as a write, and its answer says nothing: one unit.
 *
 * @throws Error for an operation that nobody has counted yet.
 */
export const readCapacity = (operation: string, answer: Json): Pick<Usage, "readUnits" | "writeUnits"> => {
  const isWrite = writes.has(operation);
  if (!isWrite && !reads.has(operation)) throw new Error(`nobody counts DynamoDB's ${operation}`);
  if (answer["__type"] !== undefined) return { readUnits: 0, writeUnits: isWrite ? 1 : 0 };
  const consumed = [answer["ConsumedCapacity"] ?? []].flat() as readonly Consumed[];
  if (consumed.length === 0) throw new Error(`${operation} does not say what it has consumed`);
  const localFactor = operation === "TransactWriteItems" ? 2 : 1;
  const units = consumed.reduce(
    (total, { Table, LocalSecondaryIndexes = {}, GlobalSecondaryIndexes = {} }) =>
      total +
      (Table?.CapacityUnits ?? 0) +
      localFactor * unitsOf(LocalSecondaryIndexes) +
      unitsOf(GlobalSecondaryIndexes),
    0,
  );
  return isWrite ? { readUnits: 0, writeUnits: units } : { readUnits: units, writeUnits: 0 };
};

const unitsOf = (indexes: Readonly<Record<string, { readonly CapacityUnits: number }>>): number =>
  Object.values(indexes).reduce((total, { CapacityUnits }) => total + CapacityUnits, 0);

/**
 * The items that a call has read or written, however large: a query's as many as it went through, filtered ones included;
 * one that is looked for counts, also where it is not there; one that a transaction only checks is read.
 */
export const countItems = (
  operation: string,
  request: Json,
  answer: Json,
): Pick<Usage, "itemsRead" | "itemsWritten"> => {
  switch (operation) {
    case "Query":
    case "Scan":
      return { itemsRead: Number(answer["ScannedCount"] ?? 0), itemsWritten: 0 };
    case "TransactWriteItems": {
      const actions = request["TransactItems"] as readonly object[];
      const checks = actions.filter((action) => "ConditionCheck" in action).length;
      return { itemsRead: checks, itemsWritten: actions.length - checks };
    }
    case "GetItem":
      return { itemsRead: 1, itemsWritten: 0 };
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return { itemsRead: 0, itemsWritten: 1 };
    default:
      throw new Error(`nobody counts the items of DynamoDB's ${operation}`);
  }
};
