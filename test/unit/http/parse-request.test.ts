/** How a request is read before it is held against the document: what becomes a number, which types a body may have. */
import { describe, expect, it } from "vitest";
import { readGatewayEvent } from "#shared/http/gateway-event.ts";
import type { Operation } from "#shared/http/operation.ts";
import { parseRequest } from "#shared/http/parse-request.ts";
import { anEvent } from "./support.ts";

/** An operation that lets everything pass, so that what it is given can be seen. */
const anOperation = (changes: Partial<Operation<unknown, unknown, unknown>> = {}) =>
  ({
    ...{ name: "try", method: "POST", path: "/", bodyLimit: 100, body: "json", integers: ["limit"], booleans: ["all"] },
    ...{ hints: {}, validate: () => true, refuse: () => ({ statusCode: 400, headers: {}, body: "" }) },
    ...changes,
  }) as Operation<unknown, unknown, unknown>;

const parse = (parts: Record<string, unknown>, changes: Partial<Operation<unknown, unknown, unknown>> = {}) => {
  const parsed = parseRequest(anOperation(changes), readGatewayEvent(anEvent({ body: "{}", ...parts })));
  return parsed.ok ? parsed.value : parsed.refusal;
};
const query = (queryStringParameters: Record<string, string>) => parse({ queryStringParameters }, {});

describe("a query", () => {
  it.each([
    ["0", 0],
    ["7", 7],
    ["-12", -12],
    ["123456789012345", 123_456_789_012_345],
    ["1234567890123456", "1234567890123456"],
    ["01", "01"],
    ["7x", "7x"],
    ["x7", "x7"],
    ["1.5", "1.5"],
    ["", ""],
  ])("has the integer %j as %j", (limit, value) => {
    expect(query({ limit, other: limit })).toMatchObject({ query: { limit: value, other: limit } });
  });

  it.each([
    ["true", true],
    ["false", false],
    ["untrue", "untrue"],
    ["truely", "truely"],
    ["TRUE", "TRUE"],
  ])("has the boolean %j as %j", (all, value) => {
    expect(query({ all, other: all })).toMatchObject({ query: { all: value, other: all } });
  });

  it("has a parameter that was given twice as a list, whatever the validator makes of it", () => {
    const parts = { queryStringParameters: { limit: "1,2", all: "true" }, rawQueryString: "limit=1&limit=2&all=true" };
    expect(parse(parts)).toMatchObject({ query: { limit: ["1", "2"], all: true } });
  });
});

describe("the type of a body", () => {
  const headers = (type?: string) => ({ headers: type === undefined ? {} : { "Content-Type": type } });
  const refused = { errors: [{ field: "headers.content-type", message: "must be application/json" }] };

  it.each([
    undefined,
    "application/json",
    "Application/JSON; charset=utf-8",
    "application/json ;charset=utf-8",
    "application/merge-patch+json",
    "application/vnd.acme.v1+json",
  ])("may be %s", (type) => {
    expect(parse(headers(type))).toMatchObject({ body: {} });
  });

  it.each([
    "text/plain",
    "x-application/json",
    "application/jsonl",
    "application/json x",
    "application/+json",
    "application/a b+json",
    "application/xml+jsonx",
  ])("must not be %s", (type) => {
    expect(parse(headers(type))).toMatchObject(refused);
  });

  it("does not matter where there is nothing in it, or nobody reads it as JSON", () => {
    expect(parse({ ...headers("text/plain") }, { body: "none" })).toEqual({ path: {}, query: {}, body: undefined });
    expect(parse({ ...headers("text/plain"), body: "x" }, { body: "ignored" })).toMatchObject({ body: undefined });
    expect(parse({ ...headers("text/plain"), body: "x" }, { body: "raw" })).toMatchObject({ body: Buffer.from("x") });
  });
});

describe("a request that is refused", () => {
  it("has no errors where the validator names none", () => {
    expect(parse({}, { validate: () => false })).toEqual({ code: "invalid_request", errors: [] });
  });

  it("is one byte longer than its operation allows", () => {
    expect(parse({ body: `"${"x".repeat(98)}"` })).toMatchObject({ body: "x".repeat(98) });
    expect(parse({ body: `"${"x".repeat(99)}"` })).toEqual({ code: "payload_too_large", bodyLimit: 100 });
  });
});

describe("an event of the gateway", () => {
  it.each([undefined, null, 7, "text", [], {}])("may be %j: everything is empty then", (event) => {
    expect(readGatewayEvent(event)).toEqual({
      ...{ path: {}, query: {}, headers: {}, cookies: [], body: Buffer.alloc(0) },
      ...{ caller: "", method: "", rawQuery: "" },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("has what is of its type, and nothing else", () => {
    const odd = { a: "text", b: 7, c: null, d: ["x"] };
    const event = { pathParameters: odd, queryStringParameters: odd, headers: { A: "1", B: 2 }, cookies: ["a=1", 2] };
    expect(readGatewayEvent({ ...event, rawQueryString: 7, body: 7, isBase64Encoded: "true" })).toMatchObject({
      ...{ path: { a: "text" }, query: { a: "text" }, headers: { a: "1" }, cookies: ["a=1"], body: Buffer.alloc(0) },
    });
  });

  it.each([
    [{ client_id: "a", azp: "b", sub: "c" }, "a"],
    [{ client_id: "", azp: "b", sub: "c" }, "b"],
    [{ client_id: 7, azp: ["b"], sub: "c" }, "c"],
    [{ sub: "" }, ""],
    [{ client_id: "x".repeat(300) }, "x".repeat(256)],
    [null, ""],
  ])("tells from the claims %j who calls", (claims, caller) => {
    expect(readGatewayEvent({ requestContext: { authorizer: { jwt: { claims } } } }).caller).toBe(caller);
  });

  it("tells the method, and the query as it was sent", () => {
    const event = { requestContext: { http: { method: "GET" } }, rawQueryString: "a=%20&a=2" };
    expect(readGatewayEvent(event)).toMatchObject({ method: "GET", rawQuery: "a=%20&a=2" });
    expect(readGatewayEvent({ requestContext: { http: { method: 7 } } }).method).toBe("");
    expect(readGatewayEvent({ headers: { a: 1, B: "b" }, pathParameters: { c: null, d: "d" } })).toMatchObject({
      headers: { b: "b" },
      path: { d: "d" },
    });
    expect(Object.keys(readGatewayEvent({ pathParameters: { c: null } }).path)).toEqual([]);
  });

  it("has the cookies of a header without its blanks", () => {
    const cookies = (cookie: string) => readGatewayEvent({ headers: { cookie } }).cookies;
    expect(cookies(" a=1;b=2 ; ;c=3;")).toEqual(["a=1", "b=2", "c=3"]);
    expect(cookies("")).toEqual([]);
  });

  it.each(["x".repeat(128), "a=b+c/d.e:f-g_h", "1"])("keeps the gateway's id %j", (requestId) => {
    expect(readGatewayEvent({ requestContext: { requestId } }).requestId).toBe(requestId);
  });

  it.each(["x".repeat(129), "", "a b", "a\n", " a", 7])("has another id in the place of %j", (requestId) => {
    expect(readGatewayEvent({ requestContext: { requestId } }).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
