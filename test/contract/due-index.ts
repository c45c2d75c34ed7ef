import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { due, keys } from "#shared/dynamodb/keys.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import {
  aClaim,
  aConnection,
  afterNoon,
  anEvent,
  anOpening,
  aProfile,
  aSession,
  minute,
  noon,
} from "../support/builders.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { storeSession } from "../support/store-session.ts";

/** What the stores on DynamoDB leave for those who look for work that falls due. */
export const describeDueIndex = (): void => {
  const tableName = "due";
  let dynoxide: Dynoxide;
  beforeAll(async () => {
    dynoxide = await startDynoxide();
    await createConnectionTable(createLocalClient(dynoxide.endpoint), tableName);
  });
  afterAll(() => dynoxide?.stop());

  const open = () => {
    const client = createLocalClient(dynoxide.endpoint);
    const table = openTable(tableName, client);
    const find = async (entry: ReturnType<typeof due>) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "due",
          KeyConditionExpression: "due_shard = :shard AND due_at <= :at",
          ExpressionAttributeValues: { ":shard": { S: entry.due_shard }, ":at": { S: entry.due_at } },
        }),
      );
      return Items.map((item) => unmarshall(item));
    };
    return {
      find,
      customers: createCustomerStore(table),
      sessions: createSessionStore(table),
      connections: createConnectionStore(table),
    };
  };

  const leaseUntil = afterNoon(minute);
  /** A session that is exchanging, and where it falls due. */
  const begin = async ({ customers, sessions }: Pick<ReturnType<typeof open>, "customers" | "sessions">) => {
    const opening = anOpening();
    const session = aSession({ openings: [opening] });
    await storeSession({ customers, sessions }, session);
    const { stateHash, holderHash } = opening;
    const request = { sessionId: session.sessionId, stateHash, holderHash, codeHash: "hash-of-code" };
    const begun = await sessions.beginExchange(request, { now: noon, leaseUntil });
    if (!begun.ok) throw new Error(begun.refusal.reason);
    const entry = due("EXCHANGING", session.sessionId, leaseUntil);
    return { session: begun.value, entry, item: { ...keys.session(session.sessionId), ...entry } };
  };

  describe("work that falls due", () => {
    it("has a session from when it begins its exchange until it ends, at the end of its lease", async () => {
      const { find, customers, sessions } = open();
      const { session, entry, item } = await begin({ customers, sessions });
      expect(await find(entry)).toContainEqual(item);
      expect(await find({ ...entry, due_at: noon.toISOString() })).not.toContainEqual(item);
      await sessions.end(session, {
        end: { status: "failed", reason: "token_lost" },
        token: null,
        now: noon,
        events: [],
      });
      expect(await find(entry)).not.toContainEqual(item);
    });

    it("has no session any more whose token is stored", async () => {
      const { find, sessions, connections, customers } = open();
      const { session, entry, item } = await begin({ customers, sessions });
      const { customerId } = session;
      await customers.put(aProfile({ customerId }), { incarnation: "first", defaultMode: "multiple", now: noon });
      const ending = { session, end: { status: "completed", outcome: "connected" } } as const;
      expect(await find(entry)).toContainEqual(item);
      expect(await connections.claim(aClaim(aConnection({ customerId }), { ending }))).toMatchObject({ ok: true });
      expect(await find(entry)).not.toContainEqual(item);
    });

    it("has no session that is open", async () => {
      const { find, customers, sessions } = open();
      const session = aSession();
      await storeSession({ customers, sessions }, session);
      const found = await find(due("EXCHANGING", session.sessionId, afterNoon(24 * 60 * minute)));
      expect(found.map(({ pk }) => pk)).not.toContain(keys.session(session.sessionId).pk);
    });

    it("has an event from five minutes after its time on, until somebody has published it", async () => {
      const { find, customers, sessions } = open();
      const { session } = await begin({ customers, sessions });
      const event = anEvent(aConnection());
      await sessions.end(session, {
        end: { status: "failed", reason: "token_lost" },
        token: null,
        now: noon,
        events: [event],
      });
      const entry = due("EVENT", event.eventId, afterNoon(5 * minute));
      const item = { ...keys.event(event.eventId), ...entry };
      expect(await find(entry)).toContainEqual(item);
      expect(await find({ ...entry, due_at: afterNoon(5 * minute - 1).toISOString() })).not.toContainEqual(item);
    });
  });
};
