/** Looks into the deployed stack's table, past the API. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { readStack } from "./stack.ts";

/** An item as the document client gives it. */
export type Item = Readonly<Record<string, unknown>>;

let opened: DynamoDBDocumentClient | undefined;

const client = (): DynamoDBDocumentClient => {
  const { awsEndpoint: endpoint, region } = readStack();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  opened ??= DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  return opened;
};

/** Every item of the table. */
export const readTable = async (): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client().send(
      new ScanCommand({
        TableName: readStack().tableName,
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};

/**
 * The items that mention one of these ids anywhere, in a fixed order: to be compared before and after. Events are left out:
 * they leave the outbox by themselves. So are parked connections: whether Finch tells of one first, nobody decides. And so
 * are entries of the audit, of which the test's own calls leave many.
 */
export const itemsAbout = async (...ids: readonly string[]): Promise<readonly Item[]> =>
  (await readTable())
    .filter(
      (item) =>
        item["sk"] !== "EVENT" &&
        item["sk"] !== "PARKED" &&
        !`${item["pk"]}`.startsWith("AUDIT#") &&
        ids.some((id) => JSON.stringify(item).includes(id)),
    )
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** What is remembered of webhooks: of one that was seen, or of a connection that nobody has. */
export const readHint = async (kind: "WEBHOOK" | "PARKED", id: string): Promise<Item | undefined> => {
  const Key = { pk: `${kind}#${id}`, sk: kind };
  return (await client().send(new GetCommand({ TableName: readStack().tableName, Key, ConsistentRead: true }))).Item;
};

const keyOf = (item: Item): string => `${item["pk"]} ${item["sk"]}`;

/** The kinds of the items, each with its number: `{ OWNER: 1, TOKENS: 2 }`. What leads to a session or from an employer is not counted. */
export const countKinds = (items: readonly Item[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const item of items) {
    if (/^(SESSIONS|COMPANY|SOURCE)#/.test(`${item["pk"]}`)) continue;
    const kind = item["pk"] === undefined ? "" : `${item["sk"]}`.split("#")[0];
    const name = `${item["pk"]}`.startsWith("TOKENS#") ? "TOKEN" : (kind ?? "");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

/** The session as it is stored. */
export const readSessionItem = async (sessionId: string): Promise<Item> => {
  const { Item } = await client().send(
    new GetCommand({ TableName: readStack().tableName, Key: sessionKey(sessionId), ConsistentRead: true }),
  );
  if (Item === undefined) throw new Error(`there is no session ${sessionId}`);
  return Item;
};

/** The customer that owns a connection; undefined when nobody does. */
export const readOwner = async (connectionId: string): Promise<string | undefined> => {
  const { Item } = await client().send(
    new GetCommand({
      TableName: readStack().tableName,
      Key: { pk: `OWNER#${connectionId}`, sk: "OWNER" },
      ConsistentRead: true,
    }),
  );
  return Item?.["customer_id"];
};

/** Lets a session's time be over. */
export const expireSession = async (sessionId: string): Promise<void> => {
  await client().send(
    new UpdateCommand({
      TableName: readStack().tableName,
      Key: sessionKey(sessionId),
      UpdateExpression: "SET expires_at = :past",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":past": new Date(Date.now() - 1_000).toISOString() },
    }),
  );
};

/** Lets a link to the connections page be too old. */
export const expirePageLink = async (link: URL): Promise<void> => {
  const id = Buffer.from(link.hash.slice(1), "base64url").subarray(0, 16).toString("hex");
  const pageSessionId = id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  await client().send(
    new UpdateCommand({
      TableName: readStack().tableName,
      Key: { pk: `PAGE#${pageSessionId}`, sk: "PAGE" },
      UpdateExpression: "SET link_expires_at = :past",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":past": new Date(Date.now() - 1_000).toISOString() },
    }),
  );
};

/** Lets the lease of a session's exchange have ended so many minutes ago. */
export const endLease = async (sessionId: string, minutesAgo: number): Promise<void> => {
  await client().send(
    new UpdateCommand({
      TableName: readStack().tableName,
      Key: sessionKey(sessionId),
      UpdateExpression: "SET exchange.lease_until = :past, due_at = :past",
      ConditionExpression: "#status = :exchanging",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ":past": new Date(Date.now() - minutesAgo * 60_000).toISOString(),
        ":exchanging": "exchanging",
      },
    }),
  );
};

/** Lets the next look at a connection have been due for a minute. */
export const makeCheckDue = async (customerId: string, connectionId: string): Promise<void> => {
  await client().send(
    new UpdateCommand({
      TableName: readStack().tableName,
      Key: { pk: `CUSTOMER#${customerId}`, sk: `CONNECTION#${connectionId}` },
      UpdateExpression: "SET next_check_at = :past, due_at = :past",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":past": new Date(Date.now() - 60_000).toISOString() },
    }),
  );
};

const sessionKey = (sessionId: string) => ({ pk: `SESSION#${sessionId}`, sk: "SESSION" });
