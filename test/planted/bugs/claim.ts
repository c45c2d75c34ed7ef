/** The claim's conditions in the table. */
import { contract, type PlantedBug } from "../planted-bug.ts";

const file = "shared/dynamodb/claim.ts";

export const claimBugs: readonly PlantedBug[] = [
  {
    name: "claim: read, then write",
    // With a pause between the two, as a busy network makes it.
    sentence: "Whether anybody owns the connection is read first, and the write does not ask again.",
    breaks: 10,
    file,
    before: `    const cancelled = await transact(table, [
      putToken(table, claim),
      claimOwner(table, claim),`,
    after: `    const { GetCommand } = await import("@aws-sdk/lib-dynamodb");
    const Key = keys.owner(claim.connection.connectionId);
    const read = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { ConditionExpression, ReturnValuesOnConditionCheckFailure, ...Put } = claimOwner(table, claim).Put ?? {};
    const isFree = read.Item?.["customer_id"] === undefined && isFirstVersion(claim.connection);
    const cancelled = await transact(table, [
      putToken(table, claim),
      isFree ? { Put } : claimOwner(table, claim),`,
    test: contract("gives one connection to one of two customers who claim it twenty times at once"),
  },
  {
    name: "claim: owner not conditioned",
    sentence: "A new connection is claimed, whoever owns it.",
    breaks: 1,
    file,
    before: `ConditionExpression: "attribute_not_exists(customer_id)",`,
    after: `ConditionExpression: "attribute_not_exists(customer_id) OR attribute_exists(customer_id)",`,
    test: contract("refuses a connection that another customer owns, and says who does"),
  },
  {
    name: "claim: owner of a later version not conditioned",
    sentence: "One more token is added to a connection of another customer.",
    breaks: 1,
    file,
    before: `ConditionExpression: "customer_id = :customer_id",`,
    after: `ConditionExpression: "customer_id = :customer_id OR attribute_exists(pk)",`,
    test: contract("refuses a later version of a connection that another customer owns"),
  },
  {
    name: "claim: version not conditioned",
    sentence: "A token that came meanwhile is lost: the connection is written over.",
    breaks: 10,
    file,
    before: "      : onlyAfter(connection, connection.version - 1)),",
    after: "      : {}),",
    test: contract("loses none of the tokens that are added at once"),
  },
  {
    name: "claim: incarnation not compared",
    sentence: "A customer that was made anew gets what its former life began.",
    breaks: 2,
    file,
    before: `"attribute_exists(pk)" : "incarnation = :incarnation"`,
    after: `"attribute_exists(pk)" : "(incarnation = :incarnation OR attribute_exists(pk))"`,
    test: contract("refuses a customer of another incarnation"),
  },
  {
    name: "claim: mode single not conditioned",
    sentence: "A customer in mode single comes to own as many connections as race.",
    breaks: 5,
    file,
    before: "AND (#mode <> :single OR connection_count = :zero)",
    after: "AND (#mode <> :single OR connection_count >= :zero)",
    test: contract("lets a customer in mode single own one of twenty connections claimed at once"),
  },
  {
    name: "claim: deletion not conditioned",
    sentence: "A customer that is being deleted gains a connection.",
    breaks: 10,
    file,
    before: "joinsDeletion(claim) ? sameLife : `${sameLife} AND attribute_not_exists(deletion)`",
    after: "sameLife",
    test: contract("gets no connection by an import, or because Finch names it, or beside a session"),
  },
  {
    name: "claim: event beside the transaction",
    sentence: "The event is written after the claim, so that a claim without its event may stay.",
    breaks: 10,
    file,
    before: `      ...putTraces(table, claim.events),
    ]);`,
    after: `    ]);
    if (cancelled === undefined) await transact(table, putTraces(table, claim.events));`,
    test: contract("changes nothing if one of the events cannot be stored"),
  },
  {
    name: "claim: session's version not conditioned",
    sentence: "A token ends a session that another call has begun again meanwhile.",
    breaks: 10,
    file: "shared/dynamodb/end-session.ts",
    before: `.join(", ")}) AND version = :version\``,
    after: `.join(", ")}) AND (version = :version OR attribute_exists(pk))\``,
    test: contract("refuses to end a session that has begun again, and tells how it stands"),
  },
  {
    name: "token item written over",
    sentence: "A token that is stored already is stored once more.",
    breaks: 2,
    file,
    before: `      ...toSealed(token.sealed),
    },
    ConditionExpression: "attribute_not_exists(pk)",`,
    after: `      ...toSealed(token.sealed),
    },`,
    test: contract("refuses a token that it has, whatever else is amiss"),
  },
];
