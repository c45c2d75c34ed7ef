import { describe, expect, it } from "vitest";
import { operation as answerUnknownPath } from "#generated/operations/answer-unknown-path.js";
import { operation as createConnectSession } from "#generated/operations/create-connect-session.js";
import { operation as createReauthenticateSession } from "#generated/operations/create-reauthenticate-session.js";
import { operation as deleteConnection } from "#generated/operations/delete-connection.js";
import { operation as introspectConnection } from "#generated/operations/introspect-connection.js";
import { operation as listConnections } from "#generated/operations/list-connections.js";
import { operation as openConnect } from "#generated/operations/open-connect.js";
import { operation as putCustomer } from "#generated/operations/put-customer.js";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json } from "#shared/http/reply.ts";
import { anEvent, createLogRecorder, problemIn } from "./support.ts";

const { log } = createLogRecorder();
const put = endpoint(putCustomer, log, ({ path, query, body }) => json(200, { path, query, body }));
const putEvent = (body: unknown, parts: Record<string, unknown> = {}) =>
  anEvent({ pathParameters: { customer_id: "acme" }, body: JSON.stringify(body), ...parts });

describe("a valid request", () => {
  it("reaches the operation with its defaults filled in", async () => {
    const reply = await put(putEvent({ name: "Acme" }));
    expect(reply.statusCode).toBe(200);
    expect(JSON.parse(reply.body)).toEqual({
      path: { customer_id: "acme" },
      query: {},
      body: { name: "Acme", email: null, metadata: {} },
    });
  });

  it("is typed as the document says", async () => {
    const create = endpoint(createConnectSession, log, ({ path, body }) => {
      const minutes: number = body.minutes_to_expire;
      const products: readonly string[] = body.products;
      const returnUrl: string | undefined = body.return_url;
      // @ts-expect-error not in the document
      expect(body.redirect_uri).toBeUndefined();
      // @ts-expect-error not in the path
      expect(path.session_id).toBeUndefined();
      return json(201, { minutes, products, returnUrl: returnUrl ?? null });
    });
    const reply = await create(putEvent({ products: ["company"] }));
    expect(JSON.parse(reply.body)).toEqual({ minutes: 1440, products: ["company"], returnUrl: null });
  });

  it("has integers where the document says integer", async () => {
    const list = endpoint(listConnections, log, ({ query }) => {
      const limit: number = query.limit;
      return json(200, { limit, status: query.status ?? null });
    });
    const ask = async (query: Record<string, string> | undefined) =>
      list(anEvent({ pathParameters: { customer_id: "acme" }, queryStringParameters: query }));
    expect(JSON.parse((await ask({ limit: "7", status: "reauth" })).body)).toEqual({ limit: 7, status: "reauth" });
    expect(JSON.parse((await ask(undefined)).body)).toEqual({ limit: 50, status: null });
    for (const limit of ["0", "101", "1.5", "1e2", "0x10", " 5", "", "5,6", "ten"]) {
      expect(problemIn(await ask({ limit })).errors).toEqual([expect.objectContaining({ field: "query.limit" })]);
    }
  });

  it("has booleans where the document says boolean", async () => {
    const remove = endpoint(deleteConnection, log, ({ query }) => {
      const disconnect: boolean = query.disconnect;
      return json(200, { disconnect });
    });
    const ask = async (queryStringParameters?: Record<string, string>) =>
      remove(anEvent({ pathParameters: { customer_id: "acme", connection_id: "c1" }, queryStringParameters }));
    expect((await ask({ disconnect: "true" })).body).toBe('{"disconnect":true}');
    for (const query of [undefined, { disconnect: "false" }]) {
      expect((await ask(query)).body).toBe('{"disconnect":false}');
    }
  });

  it("may leave out a body that is not required", async () => {
    const start = endpoint(createReauthenticateSession, log, ({ body }) => json(201, body));
    const pathParameters = { customer_id: "acme", connection_id: "c1" };
    for (const body of [undefined, "", " ", "{}"]) {
      expect((await start(anEvent({ pathParameters, body }))).body).toBe(
        '{"mode":"redirect","minutes_to_expire":1440}',
      );
    }
    for (const body of ["x", "[]", '{"a":1}', "null"]) {
      expect((await start(anEvent({ pathParameters, body }))).statusCode).toBe(400);
    }
  });

  it("has the cookies of the array, or of the header where there is no array", async () => {
    const open = endpoint(openConnect, log, ({ cookies }) => json(200, cookies));
    const pathParameters = { ticket: "t".repeat(43) };
    const fromArray = await open(anEvent({ pathParameters, cookies: ["a=1", "b=2"], headers: { cookie: "c=3" } }));
    const fromHeader = await open(anEvent({ pathParameters, headers: { Cookie: "a=1; b=2" } }));
    expect(fromArray.body).toBe('["a=1","b=2"]');
    expect(fromHeader.body).toBe('["a=1","b=2"]');
  });

  it("may be in base64, and its path percent-encoded", async () => {
    const reply = await put(
      anEvent({
        pathParameters: { customer_id: "a%7Cb%40c" },
        body: Buffer.from('{"name":"Ä"}').toString("base64"),
        isBase64Encoded: true,
      }),
    );
    expect(JSON.parse(reply.body)).toMatchObject({ path: { customer_id: "a|b@c" }, body: { name: "Ä" } });
  });
});

describe("what goes wrong in the operation", () => {
  const secretText = "at-secret-0001";

  it("becomes a 500 that says nothing, and a log line without the message", async () => {
    const { log: recorded, lines } = createLogRecorder();
    for (const thrown of [new TypeError(secretText), secretText, null, undefined, { token: secretText }]) {
      const fails = endpoint(answerUnknownPath, recorded, () => Promise.reject(thrown));
      const reply = await fails(anEvent());
      expect(reply.statusCode).toBe(500);
      expect(problemIn(reply).type).toBe("urn:perch:problem:internal_error");
      expect(reply.body).not.toContain(secretText);
    }
    expect(JSON.stringify(lines)).not.toContain(secretText);
    const failed = { level: "ERROR", message: "request failed", http_status: 500, reason: "internal_error" };
    expect(lines[0]).toMatchObject({ ...failed, error_name: "TypeError" });
    expect(lines).toHaveLength(5);
  });

  it("becomes a page where a browser asks", async () => {
    const pathParameters = { ticket: "t".repeat(43) };
    const fails = endpoint(openConnect, log, () => {
      throw new Error(secretText);
    });
    const failed = await fails(anEvent({ pathParameters }));
    const malformed = await fails(anEvent({ pathParameters: { ticket: "short" } }));
    expect([failed.statusCode, malformed.statusCode]).toEqual([500, 400]);
    for (const { headers, body } of [failed, malformed]) {
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(body).toContain("<!doctype html>");
    }
  });
});

describe("the log", () => {
  it("has one line per request, with what the operation notes, and its own facts on top", async () => {
    const { log: recorded, lines } = createLogRecorder();
    let time = 1000;
    const find = endpoint(
      introspectConnection,
      recorded,
      ({ note }) => {
        time += 41.6;
        note({ reason: "not_found", http_status: 200 });
        note({ provider_id: "gusto" });
        return problem("not_found");
      },
      () => time,
    );
    await find(anEvent({ pathParameters: { customer_id: "acme", connection_id: "c1" } }));
    await find(anEvent({ pathParameters: { customer_id: "..", connection_id: "c1" } }));
    expect(lines).toEqual([
      {
        level: "INFO",
        message: "request answered",
        request_id: "JKJaXmPLvHcESHA=",
        operation: "introspect-connection",
        http_status: 404,
        duration_ms: 42,
        customer_id: "acme",
        connection_id: "c1",
        provider_id: "gusto",
        reason: "not_found",
      },
      {
        level: "INFO",
        message: "request answered",
        request_id: "JKJaXmPLvHcESHA=",
        operation: "introspect-connection",
        http_status: 400,
        duration_ms: 0,
        reason: "invalid_request",
      },
    ]);
  });

  it("has an id of ours when the gateway's is absent or odd", async () => {
    const { log: recorded, lines } = createLogRecorder();
    const answer = endpoint(answerUnknownPath, recorded, () => problem("unknown_path"));
    await answer({});
    await answer(anEvent({ requestContext: { requestId: "line\nbreak" } }));
    for (const line of lines) {
      expect(line["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(line["duration_ms"]).toBeGreaterThanOrEqual(0);
    }
  });
});
