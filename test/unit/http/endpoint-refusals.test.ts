import { describe, expect, it } from "vitest";
import { operation as introspectConnection } from "#generated/operations/introspect-connection.js";
import { operation as listConnections } from "#generated/operations/list-connections.js";
import { operation as putCustomer } from "#generated/operations/put-customer.js";
import { operation as receiveConnectCallback } from "#generated/operations/receive-connect-callback.js";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import { anEvent, createLogRecorder, problemIn } from "./support.ts";

const { log } = createLogRecorder();
const put = endpoint(putCustomer, log, ({ path, query, body }) => json(200, { path, query, body }));
const putEvent = (body: unknown, parts: Record<string, unknown> = {}) =>
  anEvent({ pathParameters: { customer_id: "acme" }, body: JSON.stringify(body), ...parts });

describe("a request that does not fit", () => {
  const errorsOf = async (body: unknown, parts?: Record<string, unknown>) =>
    problemIn(await put(putEvent(body, parts))).errors;

  it("is refused with every field named", async () => {
    expect(await errorsOf({ email: "nobody", mode: "twice", nickname: "A" })).toEqual([
      { field: "body.name", message: "is required" },
      { field: "body.nickname", message: "is not a known field here; leave it out" },
      { field: "body.email", message: "must be an e-mail address" },
      { field: "body.mode", message: "must be one of single, multiple" },
    ]);
  });

  it.each([
    ["an empty name", { name: "" }, "body.name", "must not be empty"],
    ["a long name", { name: "ä".repeat(256) }, "body.name", "must have at most 255 characters"],
    ["a number as name", { name: 5 }, "body.name", "must be a string"],
    ["an e-mail address of another type", { name: "A", email: 5 }, "body.email", "must be a string or null"],
    ["an array", [], "body", "must be an object"],
    ["null", null, "body", "must be an object"],
    ["a metadata number", { name: "A", metadata: { plan: 1 } }, "body.metadata.plan", "must be a string"],
    [
      "a long metadata value",
      { name: "A", metadata: { "a b": "x".repeat(501) } },
      'body.metadata["a b"]',
      "must have at most 500 characters",
    ],
    [
      "a long metadata key",
      { name: "A", metadata: { ["k".repeat(41)]: "x" } },
      "body.metadata",
      "has a key that must have at most 40 characters",
    ],
    [
      "51 metadata entries",
      { name: "A", metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ""])) },
      "body.metadata",
      "must have at most 50 entries",
    ],
  ])("names what is wrong: %s", async (_, body, field, message) => {
    expect(await errorsOf(body)).toEqual([{ field, message }]);
  });

  it("is refused for a metadata key that would set a prototype", async () => {
    const reply = await put(putEvent({}, { body: '{"name":"A","metadata":{"__proto__":"x"}}' }));
    expect(problemIn(reply).errors).toEqual([
      { field: "body.metadata", message: "has a key that must not be __proto__" },
    ]);
  });

  it.each([
    ["body.name", { name: "\ud800" }],
    ["body.metadata.plan", { name: "A", metadata: { plan: "x\udc00" } }],
    ["body.metadata", { name: "A", metadata: { "\ud800": "x" } }],
  ])("is refused for half of a surrogate pair, which nothing behind it takes: %s", async (field, body) => {
    expect(await errorsOf(body)).toEqual([{ field, message: "must not hold half of a surrogate pair" }]);
  });

  it("counts characters and not UTF-16 units", async () => {
    expect((await put(putEvent({ name: "🐟".repeat(255) }))).statusCode).toBe(200);
  });

  it.each([
    ["nothing", { body: undefined }, "body", "is required: send a JSON object"],
    ["blanks", { body: "  " }, "body", "is required: send a JSON object"],
    ["half a document", { body: '{"name":' }, "body", "must be valid JSON"],
    ["bytes that are not UTF-8", { body: "/w==", isBase64Encoded: true }, "body", "must be UTF-8"],
    [
      "a form",
      { headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      "headers.content-type",
      "must be application/json",
    ],
    [
      "half a percent sign",
      { pathParameters: { customer_id: "%E0%A4" } },
      "path.customer_id",
      "must be percent-encoded UTF-8",
    ],
  ])("is refused when it holds %s", async (_, parts, field, message) => {
    expect(await errorsOf({ name: "A" }, parts)).toEqual([{ field, message }]);
  });

  it.each([".", "..", "", "a b", "a/b", "ä", "x".repeat(256), "acme\n"])(
    "is refused for the customer id %j",
    async (id) => {
      const errors = await errorsOf({ name: "A" }, { pathParameters: { customer_id: encodeURIComponent(id) } });
      expect(errors).toEqual([expect.objectContaining({ field: "path.customer_id" })]);
    },
  );

  it("is refused for a query that the document does not have, except where a browser comes from elsewhere", async () => {
    const queryStringParameters = { utm_source: "mail" };
    expect(await errorsOf({ name: "A" }, { queryStringParameters })).toEqual([
      { field: "query.utm_source", message: "is not a known field here; leave it out" },
    ]);
    const callback = endpoint(receiveConnectCallback, log, ({ query }) => json(200, query.code ?? null));
    expect((await callback(anEvent({ queryStringParameters }))).statusCode).toBe(200);
  });

  it("is refused with a parameter given twice, whatever the gateway makes of it", async () => {
    const list = endpoint(listConnections, log, ({ query }) => json(200, query));
    const ask = async (queryStringParameters: Record<string, string>, rawQueryString: string) =>
      list(anEvent({ pathParameters: { customer_id: "acme" }, queryStringParameters, rawQueryString }));
    expect(problemIn(await ask({ status: "reauth" }, "status=connected&status=reauth")).errors).toEqual([
      { field: "query.status", message: "must be a string" },
    ]);
    expect(problemIn(await ask({ limit: "1" }, "limit=1&limit=1")).errors).toEqual([
      { field: "query.limit", message: "must be an integer" },
    ]);
    expect((await ask({ status: "reauth" }, "status=reauth")).statusCode).toBe(200);
  });

  it("tells at most 20 errors, and shortens a name", async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, 1]));
    expect(await errorsOf({ name: "A", ...many })).toHaveLength(20);
    const [error] = (await errorsOf({ name: "A", ["x".repeat(10_000)]: 1 })) ?? [];
    expect(error?.field).toBe(`body["${"x".repeat(64)}…"]`);
  });

  it("gets the id of the request", async () => {
    expect(problemIn(await put(putEvent({})))).toMatchObject({ request_id: "JKJaXmPLvHcESHA=" });
  });
});

describe("the size of a body", () => {
  const ofBytes = (bytes: number) => '{"name":"ä"}'.padEnd(bytes - 1);

  it("is counted in bytes after base64", async () => {
    const tooLarge = `${" ".repeat(65_535)}ä`;
    const base64 = Buffer.from(tooLarge).toString("base64");
    for (const parts of [{ body: tooLarge }, { body: base64, isBase64Encoded: true }]) {
      const reply = await put(putEvent({}, parts));
      expect(reply.statusCode).toBe(413);
      expect(problemIn(reply)).toMatchObject({
        type: "urn:perch:problem:payload_too_large",
        detail: "Send at most 65536 bytes.",
      });
    }
  });

  it("may be the limit", async () => {
    expect(Buffer.byteLength(ofBytes(65_536))).toBe(65_536);
    expect((await put(putEvent({}, { body: ofBytes(65_536) }))).statusCode).toBe(200);
    expect((await put(putEvent({}, { body: ofBytes(65_537) }))).statusCode).toBe(413);
  });
});

describe("an operation without a body", () => {
  const introspect = endpoint(introspectConnection, log, ({ body }) => json(200, { body: body ?? null }));
  const send = (body: string | undefined) =>
    introspect(anEvent({ pathParameters: { customer_id: "acme", connection_id: "c1" }, body }));

  it("accepts none and an empty object", async () => {
    for (const body of [undefined, "", "{}", " { } "]) expect((await send(body)).statusCode).toBe(200);
  });

  it("refuses any other", async () => {
    for (const body of ['{"a":1}', "[]", "null", "0", "x"]) {
      expect(problemIn(await send(body)).errors).toEqual([
        { field: "body", message: "must be empty: this operation takes no body" },
      ]);
    }
  });
});
