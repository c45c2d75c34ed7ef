/** The table is a border: what is not as it should be is refused on reading, by name and without its value. */
import { describe, expect, it } from "vitest";
import { fromConnectionItem, toConnectionItem } from "#shared/dynamodb/connection-item.ts";
import type { Item } from "#shared/dynamodb/item.ts";
import { fromSessionItem, sessionTtl, toSessionItem } from "#shared/dynamodb/session-item.ts";
import { aConnection, afterNoon, anOpening, aSession, minute, noon } from "../../support/builders.ts";

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
