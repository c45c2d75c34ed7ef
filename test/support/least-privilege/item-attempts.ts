/** What is tried on the table and its indexes. */
import type { AwsCall } from "../../cdk/policy-decision.ts";
import { itemKinds, table } from "../../cdk/reach.ts";
import { readStack } from "../stack.ts";
import type { Attempt } from "./attempt.ts";
import { json } from "./call-aws.ts";

const nothing = { ConditionExpression: "attribute_exists(nothing_that_is_there)" };
const keyOf = (kind: string) => ({ pk: { S: `${kind}#of-somebody` }, sk: { S: "nothing" } });

/** What each action on one item says beside the table's name. None of it changes anything. */
const actions: Readonly<Record<string, (kind: string) => object>> = {
  GetItem: (kind) => ({ Key: keyOf(kind) }),
  PutItem: (kind) => ({ Item: keyOf(kind), ...nothing }),
  UpdateItem: (kind) => ({ Key: keyOf(kind), UpdateExpression: "REMOVE nothing_that_is_there", ...nothing }),
  DeleteItem: (kind) => ({ Key: keyOf(kind), ...nothing }),
  ConditionCheckItem: (kind) => ({ Key: keyOf(kind), ...nothing }),
};
const query = (kind: string) => ({
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": { S: `${kind}#of-somebody` } },
});

const dynamo = (operation: string, body: object) => json("dynamodb", `DynamoDB_20120810.${operation}`, body);

const call = (action: string, resource: string, ...keys: readonly string[]): AwsCall => ({
  ...{ action: `dynamodb:${action}`, resource },
  ...(keys.length > 0 && { context: { "dynamodb:LeadingKeys": keys } }),
});

/** Everything that is tried on the table. */
export const itemAttempts = (): readonly Attempt[] => {
  const TableName = readStack().tableName;
  return [...itemKinds.flatMap((kind) => attemptsOnKind(TableName, kind)), ...attemptsOnAll(TableName)];
};

/** Each action on the kind: by itself, in a transaction, in a batch, and in a transaction with one on a sealed token. */
const attemptsOnKind = (TableName: string, kind: string): Attempt[] => {
  const key = `${kind}#of-somebody`;
  const single = Object.entries(actions)
    .filter(([action]) => action !== "ConditionCheckItem")
    .map(([action, bodyOf]) => ({
      ...{ name: `${action} of ${kind}`, calls: [call(action, table, key)] },
      request: dynamo(action, { TableName, ...bodyOf(kind) }),
    }));
  const step = (action: string, of: string) => ({
    [action.replace(/Item$/, "")]: { TableName, ...actions[action]?.(of) },
  });
  const transacted = Object.keys(actions).flatMap((action): Attempt[] => {
    const operation = action === "GetItem" ? "TransactGetItems" : "TransactWriteItems";
    const withToken = action === "GetItem" ? "GetItem" : "DeleteItem";
    return [
      {
        ...{ name: `${action} of ${kind} in a transaction`, calls: [call(action, table, key)] },
        request: dynamo(operation, { TransactItems: [step(action, kind)] }),
      },
      {
        name: `${action} of ${kind} in a transaction with ${withToken} of TOKENS`,
        calls: [call(action, table, key), call(withToken, table, "TOKENS#of-somebody")],
        request: dynamo(operation, { TransactItems: [step(action, kind), step(withToken, "TOKENS")] }),
      },
    ];
  });
  const queried = (["", "/index/listed"] as const).map((index) => ({
    ...{ name: `Query of ${kind}${index}`, calls: [call("Query", `${table}${index}`, key)] },
    request: dynamo("Query", { TableName, ...(index && { IndexName: "listed" }), ...query(kind) }),
  }));
  const batch = (operation: string, group: unknown, words: string) => ({
    ...{ name: `${operation} of ${kind}${words}`, calls: [call(operation, table, key)] },
    request: dynamo(operation, { RequestItems: { [TableName]: group } }),
  });
  return [
    ...single,
    ...transacted,
    ...queried,
    batch("BatchGetItem", { Keys: [keyOf(kind)] }, ""),
    batch("BatchWriteItem", [{ DeleteRequest: { Key: keyOf(kind) } }], ", deleting"),
  ];
};

/** What names no key, hides the one that it names, or is about all of the table. */
const attemptsOnAll = (TableName: string): Attempt[] => {
  const all = (action: string, body: object, { resource = table, words = "", operation = action } = {}): Attempt => ({
    name: `${action} on ${resource}${words}`,
    calls: [call(action, resource)],
    request: dynamo(operation, body),
  });
  const indexes = ["listed", "ledger", "due"];
  const partitions = { ledger: ["ledger", "CUSTOMERS#0"], due: ["due_shard", "0"] } as const;
  const hidden = {
    "a name for the name": {
      KeyConditionExpression: "#k = :k",
      ExpressionAttributeNames: { "#k": "pk" },
      ExpressionAttributeValues: { ":k": { S: "TOKENS#of-somebody" } },
    },
    "the words turned round": { ...query("TOKENS"), KeyConditionExpression: ":pk = pk" },
    "the older words": {
      KeyConditions: { pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "TOKENS#of-somebody" }] } },
    },
  };
  const statement = `SELECT * FROM "${TableName}"`;
  const management = [
    ...["DescribeTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive", "CreateBackup", "DescribeContinuousBackups"],
    ...["UpdateContinuousBackups", "TagResource", "PutResourcePolicy", "EnableKinesisStreamingDestination"],
  ];
  return [
    all("Scan", { TableName, Limit: 1 }),
    ...indexes.map((IndexName) =>
      all("Scan", { TableName, IndexName, Limit: 1 }, { resource: `${table}/index/${IndexName}` }),
    ),
    ...Object.entries(partitions).map(
      ([IndexName, [name, value]]): Attempt => ({
        name: `Query of ${IndexName}`,
        calls: [call("Query", `${table}/index/${IndexName}`, value)],
        request: dynamo("Query", {
          ...{ TableName, IndexName, Limit: 1, KeyConditionExpression: `${name} = :value` },
          ExpressionAttributeValues: { ":value": { S: value } },
        }),
      }),
    ),
    ...Object.entries(hidden).map(
      ([words, body]): Attempt => ({
        name: `Query of TOKENS with ${words}`,
        calls: [call("Query", table, "TOKENS#of-somebody")],
        request: dynamo("Query", { TableName, ...body }),
      }),
    ),
    ...Object.keys(actions)
      .filter((action) => action !== "ConditionCheckItem")
      .map((action) => all(action, { TableName, Key: {} }, { words: " without a key" })),
    all("Query", { TableName, FilterExpression: "attribute_exists(pk)" }, { words: " without a key" }),
    all("PartiQLSelect", { Statement: statement }, { operation: "ExecuteStatement" }),
    all("PartiQLSelect", { Statements: [{ Statement: statement }] }, { operation: "BatchExecuteStatement" }),
    all("PartiQLSelect", { TransactStatements: [{ Statement: statement }] }, { operation: "ExecuteTransaction" }),
    ...management.map((action) => all(action, { TableName })),
    all("ListTables", {}),
  ];
};
