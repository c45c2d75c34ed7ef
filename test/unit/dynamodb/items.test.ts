/** The table is a border: what is not as it should be is refused on reading, by name and without its value. */
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { fromConnectionItem, toConnectionItem, toTokenRecord } from "#shared/dynamodb/connection-item.ts";
import type { Item } from "#shared/dynamodb/item.ts";
import { putEvents, readOutboxRecord } from "#shared/dynamodb/outbox.ts";
import { fromTokenItem, toSealed } from "#shared/dynamodb/sealed.ts";
import { fromSessionItem, sessionTtl, toSessionItem } from "#shared/dynamodb/session-item.ts";
import {
  aConnection,
  aDeletedEvent,
  aDeletion,
  aDisconnect,
  afterNoon,
  anEntityDisconnect,
  anOpening,
  aSession,
  aTokenRecord,
  minute,
  noon,
} from "../../support/builders.ts";

const session = aSession({
  openings: [anOpening()],
  exchange: { stateHash: "s", holderHash: "b", codeHash: "c", attempt: 1, leaseUntil: afterNoon(minute) },
});

/** Written for filters and indexes, never read. */
const derived = ["status", "due_shard", "due_at"];

const attributesOf = (item: Item, optional: readonly string[]) =>
  Object.keys(item).filter(
    (name) => !["pk", "sk", "ttl", "listed_at", "ledger", "ledger_at", ...derived, ...optional].includes(name),
  );

describe.each<[string, Item, (item: Item) => unknown, readonly string[]]>([
  [
    "a Connect session",
    toSessionItem(session),
    fromSessionItem,
    // Absent is as good as null.
    ["integration", "return_url", "exchange", "connection_id", "token_id", "ended_at", "reauthenticates"],
  ],
  [
    "a connection",
    toConnectionItem(aConnection()),
    fromConnectionItem,
    ["company_id", "username", "last_successful_sync", "introspected_at", "disconnect", "label"],
  ],
])("an item of %s", (_, item, read, optional) => {
  it.each(attributesOf(item, optional))("is refused without %s", (name) => {
    const { [name]: missing, ...rest } = item;
    expect(missing).toBeDefined();
    expect(() => read(rest)).toThrow(new TypeError(`malformed item: attribute ${name}`));
  });

  it.each(attributesOf(item, []))("is refused with another type in %s", (name) => {
    const wrong = typeof item[name] === "boolean" ? "text" : true;
    expect(() => read({ ...item, [name]: wrong })).toThrow(`malformed item: attribute ${name}`);
  });

  it("is refused with a date that is none", () => {
    expect(() => read({ ...item, created_at: "yesterday" })).toThrow("malformed item: attribute created_at");
  });

  it("does not show a value when it is refused", () => {
    expect(() => read({ ...item, version: "not-a-real-secret" })).toThrow(/^malformed item: attribute version$/);
  });
});

it("reads a session's parts as strictly as the session", () => {
  const item = toSessionItem(session);
  const broken = [
    { openings: { hash: { holder_hash: 1, opened_at: noon.toISOString() } } },
    { exchange: { ...(item["exchange"] as Item), attempt: "1" } },
    { integration: { auth_method: null } },
    { status: "paused" },
    { failure_reason: "because" },
  ];
  for (const part of broken) expect(() => fromSessionItem({ ...item, ...part })).toThrow("malformed item");
});

it("lets a session be deleted ninety days after its end, not before", () => {
  expect(sessionTtl(noon) * 1_000).toBe(noon.getTime() + 90 * 24 * 60 * minute);
  expect(sessionTtl(new Date(noon.getTime() + 1)) * 1_000).toBeGreaterThan(noon.getTime() + 90 * 24 * 60 * minute);
  expect(toSessionItem(aSession())["ttl"]).toBe(sessionTtl(aSession().expiresAt));
  expect(toSessionItem(aSession({ status: "failed", endedAt: noon }))["ttl"]).toBe(sessionTtl(noon));
});

/** As DynamoDB gives it back. */
const stored = (item: Item): Item => unmarshall(marshall(item, { convertTopLevelContainer: false })) as Item;

it("gives a connection back with all that can be due of it", () => {
  const deletionId = "0190c0de-0000-7000-8000-000000000001" as DeletionId;
  const connections = [
    aConnection({ entityDisconnects: [anEntityDisconnect({ attempts: 3, nextAttemptAt: afterNoon(1) })] }),
    aConnection({ disconnect: aDisconnect({ reason: "discarded", attempts: 2, deletionId }) }),
  ];
  for (const connection of connections) {
    expect(fromConnectionItem(stored(toConnectionItem(connection)))).toEqual(connection);
  }
});

it("refuses a part of a connection by the name of what is wrong in it", () => {
  const item = toConnectionItem(aConnection({ entityDisconnects: [anEntityDisconnect()], disconnect: aDisconnect() }));
  const [asked] = item["entity_disconnects"] as Item[];
  for (const name of ["entity_id", "requested_at", "attempts", "next_attempt_at"]) {
    const broken = { ...item, entity_disconnects: [{ ...asked, [name]: null }] };
    expect(() => fromConnectionItem(broken)).toThrow(`malformed item: attribute ${name}`);
  }
});

it("gives a token back whether it is sealed in its item or in a secret of its own", () => {
  const record = aTokenRecord();
  const [customerId, connectionId] = ["acme" as CustomerId, "conn-1" as ConnectionId];
  const sealed: Sealed[] = [{ ciphertext: new Uint8Array([1, 2, 3]) }, { secretName: "perch/test/1" }];
  for (const each of sealed) {
    const item = stored({ record: toTokenRecord(record), ...toSealed(each) });
    expect(fromTokenItem(customerId, connectionId, item)).toEqual({ customerId, connectionId, record, sealed: each });
  }
  expect(() => fromTokenItem(customerId, connectionId, { record: toTokenRecord(record) })).toThrow("ciphertext");
});

describe("a record of the table's stream", () => {
  const event = aDeletedEvent(aDeletion());
  const [action = expect.fail()] = putEvents({ name: "table", client: {} as never }, [event]);
  const image = marshall(action.Put?.Item);
  const record = (eventName: string, NewImage: unknown = image) => ({ eventName, dynamodb: { NewImage } });

  it("is an event where one was put into the outbox", () => {
    expect(readOutboxRecord(record("INSERT"))).toEqual(event);
  });

  it.each<[string, unknown]>([
    ["of a removal", record("REMOVE")],
    ["of a change", record("MODIFY")],
    ["of another item", record("INSERT", { ...image, pk: { S: "CUSTOMER#OUTBOX#" } })],
    ["of an item that ends like one", record("INSERT", { ...image, pk: { S: "X#OUTBOX#" } })],
    ["of a key that is no text", record("INSERT", { ...image, pk: { N: "1" } })],
    ["of no key", record("INSERT", {})],
    ["without an image", { eventName: "INSERT", dynamodb: {} }],
    ["without a part for the table", { eventName: "INSERT" }],
    ["that is none", null],
  ])("is none where it is one %s", (_, about) => {
    expect(readOutboxRecord(about)).toBeUndefined();
  });
});
