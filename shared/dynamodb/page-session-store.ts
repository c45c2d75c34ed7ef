import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { sameHash } from "../connection/capability.ts";
import type { CustomerId, PageSessionId } from "../connection/identifiers.ts";
import type { PageSession, Visit } from "../page/page-session.ts";
import type { PageSessionStore } from "../page/ports.ts";
import { ok, refuse } from "../result.ts";
import { type Item, readItem } from "./item.ts";
import { keys } from "./keys.ts";
import { failedCondition, type Table } from "./table.ts";

/** Sessions of the connections page in the table. */
export const createPageSessionStore = (table: Table): PageSessionStore => ({
  async create(session) {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: toItem(session),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
  },

  async find(pageSessionId) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.pageSession(pageSessionId), ConsistentRead: true }),
    );
    return Item && fromItem(Item);
  },

  async open(pageSessionId, linkHash, visit) {
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.pageSession(pageSessionId),
          UpdateExpression: "SET visit = :visit, #ttl = :ttl",
          ConditionExpression: "link_hash = :link_hash AND attribute_not_exists(visit) AND link_expires_at > :now",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: {
            ":visit": toVisit(visit),
            ":link_hash": linkHash,
            ":now": visit.openedAt.toISOString(),
            ":ttl": seconds(visit.endsAt),
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return ok({ ...fromItem(Attributes ?? {}), visit });
    } catch (error) {
      const failed = failedCondition(error);
      if (failed === undefined) throw error;
      const session = failed.item && fromItem(failed.item);
      // Whoever does not have the secret learns nothing of the link.
      const isUsed = session !== undefined && session.visit !== null && sameHash(session.linkHash, linkHash);
      return refuse(isUsed ? "used" : "expired");
    }
  },

  async touch({ pageSessionId, visit }, seenAt) {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.pageSession(pageSessionId),
          UpdateExpression: "SET visit.seen_at = :seen_at",
          ConditionExpression: "visit.cookie_hash = :cookie_hash",
          ExpressionAttributeValues: { ":seen_at": seenAt.toISOString(), ":cookie_hash": visit.cookieHash },
        }),
      );
      return true;
    } catch (error) {
      if (failedCondition(error) === undefined) throw error;
      return false;
    }
  },

  async remove(pageSessionId) {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.pageSession(pageSessionId) }));
  },
});

const seconds = (time: Date): number => Math.ceil(time.getTime() / 1000);

const toItem = (session: PageSession): Item => ({
  ...keys.pageSession(session.pageSessionId),
  page_session_id: session.pageSessionId,
  customer_id: session.customerId,
  incarnation: session.incarnation,
  link_hash: session.linkHash,
  link_expires_at: session.linkExpiresAt.toISOString(),
  return_url: session.returnUrl,
  language: session.language,
  created_at: session.createdAt.toISOString(),
  // Left out until the link is used, for the condition of its use.
  ...(session.visit && { visit: toVisit(session.visit) }),
  ttl: seconds(session.visit?.endsAt ?? session.linkExpiresAt),
});

const toVisit = ({ cookieHash, openedAt, seenAt, endsAt }: Visit): Item => ({
  cookie_hash: cookieHash,
  opened_at: openedAt.toISOString(),
  seen_at: seenAt.toISOString(),
  ends_at: endsAt.toISOString(),
});

const fromItem = (item: Item): PageSession => {
  const read = readItem(item);
  const visit = read.mapOrNull("visit");
  return {
    pageSessionId: read.text("page_session_id") as PageSessionId,
    customerId: read.text("customer_id") as CustomerId,
    incarnation: read.text("incarnation"),
    linkHash: read.text("link_hash"),
    linkExpiresAt: read.date("link_expires_at"),
    returnUrl: read.textOrNull("return_url"),
    language: read.textOrNull("language"),
    createdAt: read.date("created_at"),
    visit: visit && fromVisit(visit),
  };
};

const fromVisit = (item: Item): Visit => {
  const read = readItem(item);
  return {
    cookieHash: read.text("cookie_hash"),
    openedAt: read.date("opened_at"),
    seenAt: read.date("seen_at"),
    endsAt: read.date("ends_at"),
  };
};
