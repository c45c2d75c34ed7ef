/**
 * What Finch answers to a code when it errs: another's connection, another's name, nonsense, or no answer at all. Not among
 * them: another connection's token under a connection_id of its own, which Perch cannot tell (docs/threat-model.md).
 */
import type { Random } from "./random.ts";

/** Who is there, and what the right answer would be. */
export interface Lied {
  readonly truth: Readonly<Record<string, unknown>> & { readonly access_token: string; readonly connection_id: string };
  /** Another customer, and a connection that it has. */
  readonly otherCustomer: string;
  readonly otherConnection: string;
  /** A connection that the session's own customer has. */
  readonly ownConnection: string;
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

type Lie = (lied: Lied, random: Random) => WireAnswer;

const told = (body: unknown, status = 200): WireAnswer => ({ status, body: JSON.stringify(body) });

const changed =
  (change: (lied: Lied, random: Random) => Readonly<Record<string, unknown>>): Lie =>
  (lied, random) =>
    told({ ...lied.truth, ...change(lied, random) });

const without =
  (...names: readonly string[]): Lie =>
  ({ truth }) =>
    told(Object.fromEntries(Object.entries(truth).filter(([name]) => !names.includes(name))));

const needed = ["access_token", "connection_id", "provider_id", "client_type"];
const wrongTypes: readonly unknown[] = [null, 0, 1e21, true, {}, [], "", [""], { toString: "x" }, ["a", "b"], -1.5];

/** Whose token it is, is another's: by rule it is held for whom Finch names, one more of its own, or dropped. */
const othersThings: readonly Lie[] = [
  changed(({ otherConnection }) => ({ connection_id: otherConnection })),
  changed(({ otherConnection, otherCustomer }) => ({ connection_id: otherConnection, customer_id: otherCustomer })),
  changed(({ otherCustomer }) => ({ customer_id: otherCustomer })),
  changed(() => ({ customer_id: `nobody-${crypto.randomUUID()}` })),
  changed(({ ownConnection }) => ({ connection_id: ownConnection })),
  changed(({ ownConnection, otherCustomer }) => ({ connection_id: ownConnection, customer_id: otherCustomer })),
  changed(({ otherConnection }) => ({ connection_id: otherConnection, customer_id: null })),
  without("customer_id"),
  changed((_, { pick }) => ({
    customer_id: pick(["", ".", "..", "a/b", "a#b", "\0", "x".repeat(300), "\ud800", "ü"]),
  })),
  changed((_, { pick }) => ({ customer_id: pick(wrongTypes) })),
  changed(({ otherCustomer }) => ({ customer_id: otherCustomer.toUpperCase() })),
  changed(({ otherCustomer }) => ({ customer_id: `${otherCustomer} ` })),
  changed(() => ({ entity_ids: [], products: [] })),
  changed((_, { pick }) => ({ entity_ids: pick(wrongTypes), products: pick(wrongTypes) })),
  changed(() => ({ products: Array.from({ length: 500 }, (_, at) => `product-${at}`) })),
  changed((_, { pick }) => ({ [pick(["token_type", "__proto__", "constructor", "toString"])]: { customer_id: "x" } })),
];

/** Nothing of it may be kept. */
const unusable: readonly Lie[] = [
  changed((_, { pick }) => ({
    client_type: pick(["production", "development", "Sandbox", "sandbox ", "SANDBOX", "x"]),
  })),
  changed(({ otherConnection }) => ({ client_type: "production", connection_id: otherConnection })),
  changed((_, { below }) => ({ access_token: "t".repeat(4097 + below(100_000)) })),
  changed(() => ({ access_token: "ü".repeat(2_049) })),
  ...needed.map((name) => without(name)),
  ...needed.map((name) => changed((_, { pick }) => ({ [name]: pick(wrongTypes) }))),
  changed((_, { pick }) => ({
    connection_id: pick(["a/b", "a#b", "..", "x".repeat(129), "\0", " ", "a b", "\ud800", "é", "%2e"]),
  })),
  ({ truth }) => ({ status: 200, body: JSON.stringify(truth).slice(0, -1) }),
  ({ truth }, { below }) => ({ status: 200, body: JSON.stringify(truth).slice(0, below(60)) }),
  ({ truth }) => ({ status: 200, body: `${JSON.stringify(truth)}${JSON.stringify(truth)}` }),
  ({ truth }) => told([truth]),
  ({ truth }) => told({ data: truth }),
  ({ truth }) => told(JSON.stringify(truth)),
  ({ truth }) => told({ __proto__: truth }),
  ({ truth }) => ({ status: 200, body: `{"__proto__":${JSON.stringify(truth)}}` }),
  ({ truth }) => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: `<html>${truth.access_token}</html>`,
  }),
  (_, { pick }) => ({
    status: 200,
    body: pick(["", "null", "true", "0", '""', "{}", "[]", "NaN", "\ufeff", "undefined"]),
  }),
  () => told({ name: "invalid_grant_error", message: "no" }),
  () => told({ error: { finch_code: "internal" }, code: 500 }),
  ({ truth }) => told(truth, 201),
  ({ truth }) => told(truth, 202),
  ({ truth }, { pick }) => told(truth, pick([400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 504])),
  ({ truth }, { pick }) => ({
    ...told(truth, pick([301, 302, 303, 307, 308])),
    headers: { location: "http://127.0.0.1:9/auth/token" },
  }),
  ({ truth }) => ({ status: 200, body: JSON.stringify({ ...truth, padding: "x".repeat(1_100_000) }) }),
  () => told({ name: "invalid_grant_error" }, 400),
  () => told({ finch_code: "invalid_grant", access_token: "not-a-real-token" }, 400),
];

/** The same field twice: the last one counts, as anywhere in JSON; what it makes of the answer is by rule. */
const twice: readonly Lie[] = [
  ({ truth, otherConnection }) => ({
    status: 200,
    body: JSON.stringify(truth).replace("{", `{"connection_id":"${otherConnection}",`),
  }),
  ({ truth, otherConnection }) => ({
    status: 200,
    body: JSON.stringify(truth).replace(/\}$/, `,"connection_id":"${otherConnection}"}`),
  }),
  ({ truth, otherCustomer }) => ({
    status: 200,
    body: JSON.stringify(truth).replace(/\}$/, `,"customer_id":"${otherCustomer}"}`),
  }),
];

/** A way to err, and whether anything of it may be kept. */
export interface WayToLie {
  readonly kind: string;
  readonly lie: Lie;
  readonly mayBeKept: boolean;
}

const ways = (kind: string, lies: readonly Lie[], mayBeKept: boolean): readonly WayToLie[] =>
  lies.map((lie) => ({ kind, lie, mayBeKept }));

/** All of them. */
export const waysToLie: readonly WayToLie[] = [
  ...ways("another's connection or name", othersThings, true),
  ...ways("unusable", unusable, false),
  ...ways("doubled", twice, true),
];
