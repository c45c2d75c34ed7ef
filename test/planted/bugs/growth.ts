/** What is not noticed while there is little: calls that read more the more there is. */
import { growth, type PlantedBug } from "../planted-bug.ts";

const list = "shared/dynamodb/list-connections.ts";
const limitOfList = "        Limit: filters.length > 0 ? limit * 4 : limit + 1,\n";

export const growthBugs: readonly PlantedBug[] = [
  {
    name: "growth: a filter that goes through everything",
    sentence: "A list that is filtered reads all connections of the customer, where none matches.",
    breaks: 15,
    file: list,
    before: limitOfList,
    after: "        ...(filters.length === 0 && { Limit: limit + 1 }),\n",
    test: growth("list, filtered without a match"),
  },
  {
    name: "growth: a page cut out of everything",
    sentence: "Each page reads all that follows it.",
    breaks: 15,
    file: list,
    before: limitOfList,
    after: "        ...(filters.length > 0 && { Limit: limit * 4 }),\n",
    test: growth("list, first page"),
  },
  {
    name: "growth: a sweep that reads what is not due",
    sentence: "The sweep reads all connections, and keeps those that are due.",
    breaks: 15,
    file: "shared/dynamodb/due-store.ts",
    before: `            KeyConditionExpression: "due_shard = :shard AND due_at <= :before",
            ExpressionAttributeValues: { ":shard": shard, ":before": before.toISOString() },
            Limit: limitPerShard,
          }),
        ),
      ),
    );
    return pages.flatMap(({ Items = [] }) =>
      Items.map((item) => {`,
    after: `            KeyConditionExpression: "due_shard = :shard",
            ExpressionAttributeValues: { ":shard": shard },
          }),
        ),
      ),
    );
    return pages.flatMap(({ Items = [] }) =>
      Items.filter((item) => item["due_at"] <= before.toISOString()).slice(0, limitPerShard).map((item) => {`,
    test: growth("sweep"),
  },
  {
    name: "growth: an exchange that lists what the customer has",
    sentence: "Whether a connection is new is looked up among all that the customer has.",
    breaks: 15,
    file: "shared/connection/keep-grant.ts",
    before: "  const fingerprint = hashOf(grant.accessToken.reveal());\n",
    // An import is handed no list, and has to go on: it comes before the exchange.
    after: `  await Object(deps.connections).list?.(claimant.customerId, { limit: 1_000 });
  const fingerprint = hashOf(grant.accessToken.reveal());\n`,
    test: growth("exchange"),
  },
  {
    name: "growth: a hand-out that reads every token of the customer",
    sentence: "A connection's tokens are picked out of those of all the customer's connections.",
    breaks: 15,
    file: "shared/dynamodb/newest-tokens.ts",
    before: `        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
        Limit: most,`,
    after: `        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },`,
    test: growth("hand-out"),
  },
];
