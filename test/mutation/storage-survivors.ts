import { type Explanation, inFiles } from "./explanation.ts";

/** Why mutants of the stores survive. */
export const storageExplanations: readonly Explanation[] = [
  {
    reason: "Of a key only the part is taken that the customer makes, and a position always has both parts",
    file: "audit-store.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "A position always has both parts; the compiler does not know it",
    file: "deletion-item.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  ...inFiles("A cancelled transaction tells of each of its actions; the compiler does not know it", {
    "dynamodb/claim.ts": [
      "token?.failed → token.failed",
      "owner?.failed → owner.failed",
      "connection?.failed → connection.failed",
      "connection?.item → connection.item",
      "customer?.failed → customer.failed",
      "session?.failed → session.failed",
    ],
    "session-store.ts": ["customer?.failed → customer.failed", "cancelled[0]?.failed → cancelled[0].failed"],
    "connection-store.ts": [
      "customer?.failed → customer.failed",
      "connectionChanged?.failed → connectionChanged.failed",
    ],
    "webhook-store.ts": ["cancelled[0]?.failed → cancelled[0].failed", "cancelled[1]?.failed → cancelled[1].failed"],
  }),
  {
    reason: "Only a failed condition gives its item back, and without it no other owner is seen",
    file: "claim.ts",
    mutants: ["owner?.failed → true"],
  },
  {
    reason: "Without a session the fifth action puts an event or an audit entry, whose id is new: it is not refused",
    file: "claim.ts",
    mutants: ["claim.ending !== undefined → true"],
  },
  {
    reason: "The second write requires it as well, and is refused with the session as it is: this spares it",
    file: "begin-exchange.ts",
    mutants: ['status !== "exchanging" → false', 'status !== "exchanging" && before === null'],
  },
  {
    reason: "A session that is exchanging has its exchange; the compiler does not know it",
    file: "begin-exchange.ts",
    mutants: ["before === null → false"],
  },
  ...inFiles("A page that is not the last has a last item; the compiler does not know it", {
    "session-store.ts": ["last !== undefined → true"],
    "audit-store.ts": ["last !== undefined → true"],
    "list-connections.ts": ["last !== undefined → true"],
    "customer-store.ts": ["last !== undefined → true"],
  }),
  {
    reason: "DynamoDB names where to go on whenever the limit has stopped it, so that the key alone says it as well",
    file: "session-store.ts",
    mutants: ["Items.length > limit → false"],
  },
  {
    reason: "A stranger among the reasons has no code: it is no failed condition",
    file: "table.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "A stranger among the buckets has no index, and is not older than any",
    file: "budget-store.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "Whoever asks reads undefined of what is absent as well",
    file: "check-pause-store.ts",
    mutants: ["{ pause: undefined, trustedUntil: undefined } → {}"],
  },
  {
    reason: "A limit of undefined is not sent",
    file: "deletion-store.ts",
    mutants: ["limit !== undefined → true"],
  },
  {
    reason: "Only the time is taken, in which the kind of work has no part",
    file: "deletion-store.ts",
    mutants: ['"DELETING" → ""'],
  },
  {
    reason: "All kinds of work have the same number of shards",
    file: "due-store.ts",
    mutants: ['"CHECK" → ""'],
  },
  {
    reason: "A shard that DynamoDB stopped in has given something; the compiler does not know it",
    file: "customer-store.ts",
    mutants: ["items.at(-1)?.at → items.at(-1).at"],
  },
  {
    reason: "No two places are the same: each ends with the customer's id",
    file: "customer-store.ts",
    mutants: ["a.at < b.at → a.at <= b.at"],
  },
];
