/** Whether the simulated Finch and Perch's table agree on who holds what. */
import { expect, vi } from "vitest";
import { tokenSecretsOf } from "./aws.ts";
import { type LiveConnection, liveConnections } from "./finch.ts";
import type { TestCustomer } from "./journey.ts";
import { patience } from "./patience.ts";
import { type Item, readTable } from "./table.ts";

/** What a test has left behind. */
export interface Left {
  readonly customers: readonly TestCustomer[];
  /** Connections that Finch has ended. */
  readonly disconnected?: readonly string[];
  /** Connections that Perch has given up and that go on at Finch. */
  readonly discarded?: readonly string[];
  /** How many tokens work at Finch that Perch holds no more or never has: superseded, refused, dropped or lost ones. */
  readonly unkept?: number;
}

/**
 * Finch's list of live tokens and connections must agree with what Perch holds, owns or has disconnected: each token that
 * Perch holds works at Finch, each connection is owned by who has it, one that Finch has ended has left a tombstone and
 * nothing else, no token works at Finch that the test cannot account for, and no secret is left of one that is gone.
 */
export const expectAgreement = async (left: Left): Promise<void> => {
  const { customers, disconnected = [], discarded = [], unkept = 0 } = left;
  const ids = customers.map(({ id }) => id);
  const [atFinch, table] = [await liveConnections(), await readTable()];
  const stored = table.filter((item) => `${item["sk"]}`.startsWith("CONNECTION#") && item["connection_id"]);
  const own = new Map(
    stored.filter((item) => ids.includes(`${item["customer_id"]}`)).map((item) => [`${item["connection_id"]}`, item]),
  );
  const concerned = atFinch.filter(
    ({ id, customerId }) =>
      own.has(id) || ids.includes(`${customerId}`) || disconnected.includes(id) || discarded.includes(id),
  );
  const owners = new Map(table.filter(isOwner).map((item) => [`${item["pk"]}`.slice("OWNER#".length), item]));

  const held = [...own].flatMap(([id, item]) => fingerprintsOf(item).map((fingerprint) => `${id} ${fingerprint}`));
  const live = concerned.flatMap(({ id, liveTokens }) => liveTokens.map(({ hash }) => `${id} ${toFingerprint(hash)}`));
  expect(held.filter((token) => !live.includes(token))).toEqual([]);
  expect(live.length - held.length).toBe(unkept);
  // Each token of a connection has its sealed item, and no sealed item is without its connection.
  const tokenItems = tokenItemsOf(table, ids);
  expect(tokenItems.map(keyOf)).toEqual([...own.values()].flatMap(tokenKeysOf).toSorted());
  await expectSecrets(ids, tokenItems);

  const places = concerned.map(({ id }) => [id, placeOf(owners.get(id))] as const);
  expect(places.toSorted()).toEqual(
    concerned.map((connection) => [connection.id, expectedPlace(connection, own.get(connection.id), left)]).toSorted(),
  );
  const ended = concerned.filter(({ status }) => status === "disconnected").map(({ id }) => id);
  expect(ended.toSorted()).toEqual(disconnected.toSorted());
  expect(concerned.filter(({ id, liveTokens }) => ended.includes(id) && liveTokens.length > 0)).toEqual([]);
};

/**
 * Where each token is kept in a secret: the items' secrets are there, and a moment later no other, neither of items that
 * are gone nor of those that never came to be, since the claim was refused.
 */
const expectSecrets = async (customerIds: readonly string[], tokenItems: readonly Item[]): Promise<void> => {
  const named = tokenItems.flatMap((item) => (item["secret_name"] === undefined ? [] : `${item["secret_name"]}`));
  await vi.waitFor(async () => expect(await tokenSecretsOf(customerIds)).toEqual(named.toSorted()), patience);
};

const isOwner = (item: Item): boolean => item["sk"] === "OWNER";

/** What the owner's item says of a connection. */
const placeOf = (owner: Item | undefined): string => {
  if (owner === undefined) return "nobody's";
  return owner["customer_id"] === undefined ? "a tombstone" : `${owner["customer_id"]}'s`;
};

const expectedPlace = ({ id }: LiveConnection, own: Item | undefined, { disconnected = [] }: Left): string => {
  if (own !== undefined) return `${own["customer_id"]}'s`;
  return disconnected.includes(id) ? "a tombstone" : "nobody's";
};

interface StoredToken {
  readonly token_id: string;
  readonly fingerprint: string;
}

const tokensOf = (connection: Item): readonly StoredToken[] => connection["tokens"] as StoredToken[];

const fingerprintsOf = (connection: Item): readonly string[] => tokensOf(connection).map((token) => token.fingerprint);

const tokenKeysOf = (connection: Item): readonly string[] =>
  tokensOf(connection).map(
    (token) =>
      `TOKENS#${connection["customer_id"]} CONNECTION#${connection["connection_id"]}#TOKEN#${token["token_id"]}`,
  );

const keyOf = (item: Item): string => `${item["pk"]} ${item["sk"]}`;

const tokenItemsOf = (table: readonly Item[], customerIds: readonly string[]): readonly Item[] =>
  table
    .filter((item) => customerIds.some((id) => item["pk"] === `TOKENS#${id}`))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** Finch's hash of a token, written as Perch writes it. */
const toFingerprint = (hash: string): string => Buffer.from(hash, "hex").toString("base64url");
