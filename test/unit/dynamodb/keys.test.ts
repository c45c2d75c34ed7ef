/** No two things share a key, whatever their ids are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId, SessionId, TokenId } from "#shared/connection/identifiers.ts";
import { due, keys } from "#shared/dynamodb/keys.ts";

const text = (pattern: RegExp) => fc.stringMatching(pattern);
// Short ones of few signs, so that many are alike, and words that keys are made of.
const customerId = fc.oneof(
  text(/^[AC.:|~@-]{1,3}$/),
  fc.constantFrom("CUSTOMER", "OWNER", "CONNECTION", "TOKEN", "EVENT"),
);
const connectionId = fc.oneof(text(/^[AC_-]{1,3}$/), fc.constantFrom("CUSTOMER", "OWNER", "TOKEN"));
const uuid = fc.constantFrom("0190c0de-0000-7000-8000-000000000001", "0190c0de-0000-7000-8000-000000000002");

const aKey = fc.oneof(
  customerId.map((id) => ({ thing: ["customer", id], key: keys.customer(id as CustomerId) })),
  fc.tuple(customerId, connectionId).map(([customer, connection]) => ({
    thing: ["connection", customer, connection],
    key: keys.connection(customer as CustomerId, connection as ConnectionId),
  })),
  connectionId.map((id) => ({ thing: ["owner", id], key: keys.owner(id as ConnectionId) })),
  fc.tuple(customerId, connectionId, uuid).map(([customer, connection, token]) => ({
    thing: ["token", customer, connection, token],
    key: keys.token(customer as CustomerId, connection as ConnectionId, token as TokenId),
  })),
  uuid.map((id) => ({ thing: ["session", id], key: keys.session(id as SessionId) })),
  uuid.map((id) => ({ thing: ["event", id], key: keys.event(id) })),
  fc
    .tuple(fc.constantFrom("company", "source"), text(/^[a#]{1,3}$/), text(/^[a#]{1,3}$/), customerId, connectionId)
    .map(([kind, provider, value, customer, connection]) => ({
      thing: [kind, provider, value, customer, connection],
      key: keys[kind as "company" | "source"](
        ...([provider, value, customer as CustomerId, connection as ConnectionId] as const),
      ),
    })),
);

describe("keys", () => {
  it("are the same only for the same thing", () => {
    fc.assert(
      fc.property(aKey, aKey, (one, other) => {
        expect(JSON.stringify(one.key) === JSON.stringify(other.key)).toBe(
          JSON.stringify(one.thing) === JSON.stringify(other.thing),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("begin with the kind of the item and a #, as the roles' conditions name it", () => {
    fc.assert(
      fc.property(aKey, ({ key }) => {
        expect(key.pk).toMatch(/^(CUSTOMER|OWNER|TOKENS|SESSION|OUTBOX)#[^#]+$|^(COMPANY|SOURCE)#.+#[\w-]{43}$/);
      }),
    );
  });

  it("fit into what DynamoDB takes, at their longest", () => {
    const [customer, connection] = ["x".repeat(255) as CustomerId, "x".repeat(128) as ConnectionId];
    const { pk, sk } = keys.token(customer, connection, "0190c0de-0000-7000-8000-000000000001" as TokenId);
    expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1024);
  });
});

describe("what falls due", () => {
  it("has one of eight shards, always the same, and its time", () => {
    const at = new Date("2031-05-06T12:00:00.000Z");
    const shards = new Set<string>();
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const entry = due("EVENT", id, at);
        expect(entry).toEqual(due("EVENT", id, at));
        expect(entry.due_at).toBe("2031-05-06T12:00:00.000Z");
        shards.add(entry.due_shard);
      }),
      { numRuns: 500 },
    );
    expect([...shards].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((shard) => `EVENT#${shard}`));
  });
});
