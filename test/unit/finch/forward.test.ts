/** The way of a forwarded request to Finch and back: what Finch sees of it, and what of its answer is passed on. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { createForwardToFinch } from "#shared/finch/forward.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import type { FinchRequest } from "#shared/use/forward-request.ts";
import { startServer } from "./setting.ts";

const fourMegabytes = 4 * 1_048_576;

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** Forwards one request to a server that answers like this; what it saw, and what was passed on. */
const forwardTo = async (
  answer: (response: ServerResponse) => void,
  request: Partial<FinchRequest> = {},
  withinMs = 5_000,
) => {
  const seen: Seen[] = [];
  const url = await startServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      seen.push({ request: incoming, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  const now = () => new Date();
  const passed = await createForwardToFinch(createTransport(url, now), now)(
    {
      method: "GET",
      path: "/employer/company",
      query: new URLSearchParams(),
      headers: {},
      body: new Uint8Array(),
      ...request,
    },
    secret("token-of-acme"),
    new Date(Date.now() + withinMs),
  );
  return { seen, passed };
};

describe("what Finch sees of a forwarded request", () => {
  it("is its method, path, query and body, and the token", async () => {
    const { seen } = await forwardTo((response) => response.end("{}"), {
      method: "POST",
      path: "/employer/individual",
      query: new URLSearchParams([
        ["entity_ids[]", "e 1&x=2"],
        ["a", "ü"],
      ]),
      headers: { "content-type": "application/json" },
      body: Buffer.from('{"requests":[]}'),
    });
    const [{ request, body } = {}] = seen;
    expect([request?.method, body]).toEqual(["POST", '{"requests":[]}']);
    const url = new URL(request?.url ?? "", "http://finch");
    expect([url.pathname, url.searchParams.get("entity_ids[]"), url.searchParams.get("a")]).toEqual([
      "/employer/individual",
      "e 1&x=2",
      "ü",
    ]);
    expect(request?.headers.authorization).toBe("Bearer token-of-acme");
  });

  it("is nothing of the caller's headers but three, of which none can smuggle", async () => {
    const headers = {
      ...{ authorization: "Bearer of-the-caller", host: "evil.example", cookie: "a=b", connection: "upgrade" },
      ...{
        "transfer-encoding": "chunked",
        "content-length": "999",
        "x-forwarded-for": "1.2.3.4",
        expect: "100-continue",
      },
      ...{ "x-stainless-lang": "js", "proxy-authorization": "x", te: "trailers", upgrade: "h2c" },
      ...{ accept: "application/json, text/plain", "finch-api-version": "2020-09-17" },
      "content-type": "text/plain\r\nx-injected: yes",
    };
    const { seen } = await forwardTo((response) => response.end("{}"), { headers });
    const { connection, ...others } = seen[0]?.request.headers ?? {};
    expect(others).toEqual({
      accept: "application/json, text/plain",
      "accept-encoding": "identity",
      authorization: "Bearer token-of-acme",
      "finch-api-version": "2020-09-17",
      host: expect.stringMatching(/^127\.0\.0\.1:/),
      "user-agent": "perch",
    });
    expect(connection).toBe("keep-alive");
  });

  it("has Finch's version where the caller names none", async () => {
    const { seen } = await forwardTo((response) => response.end("{}"));
    expect(seen[0]?.request.headers).toMatchObject({ "finch-api-version": "2020-09-17", accept: "application/json" });
  });
});

describe("what is passed on of Finch's answer", () => {
  it("is its status, its own headers and its bytes", async () => {
    const body = Buffer.from([0x7b, 0x00, 0xff, 0x7d]);
    const { passed } = await forwardTo((response) => {
      response.writeHead(207, {
        ...{
          "finch-request-id": "f-1",
          "finch-data-retrieved": "2026-03-01T00:00:00Z",
          "content-type": "application/json",
        },
        ...{ "retry-after": "7", "x-should-retry": "true", "set-cookie": ["a=b", "c=d"], "x-powered-by": "finch" },
        ...{ location: "https://evil.example", "www-authenticate": "Bearer", "access-control-allow-origin": "*" },
      });
      response.end(body);
    });
    expect(passed).toMatchObject({ kind: "reply", status: 207, needsCustomer: false });
    if (passed.kind !== "reply") return;
    expect(passed.headers).toEqual({
      ...{
        "finch-request-id": "f-1",
        "finch-data-retrieved": "2026-03-01T00:00:00Z",
        "content-type": "application/json",
      },
      ...{ "retry-after": "7", "x-should-retry": "true" },
    });
    expect(Buffer.from(passed.body).equals(body)).toBe(true);
  });

  it.each([400, 401, 402, 403, 404, 422, 429, 500, 501, 502])("is an error %i as well", async (status) => {
    const text = JSON.stringify({ code: status, name: "some_error", message: "words" });
    const { passed } = await forwardTo((response) => response.writeHead(status).end(text));
    expect(passed).toMatchObject({ kind: "reply", status, needsCustomer: false });
    if (passed.kind === "reply") expect(Buffer.from(passed.body).toString()).toBe(text);
  });

  it("tells when the customer must sign in, by Finch's code and not by its status alone", async () => {
    const error = (finchCode: string) =>
      JSON.stringify({ code: 401, name: "authentication_error", finch_code: finchCode });
    const answered = async (status: number, text: string) =>
      (await forwardTo((it) => it.writeHead(status).end(text))).passed;
    expect(await answered(401, error("reauthenticate_user"))).toMatchObject({ needsCustomer: true });
    expect(await answered(401, error("account_setup_required"))).toMatchObject({ needsCustomer: false });
    expect(await answered(403, error("reauthenticate_user"))).toMatchObject({ needsCustomer: false });
    expect(await answered(401, "<html>")).toMatchObject({ needsCustomer: false });
  });

  it.each([301, 302, 303, 307, 308])("is no redirect (%i), which is not followed", async (status) => {
    const asked: string[] = [];
    const elsewhere = await startServer((request, response) => {
      asked.push(`${request.headers.authorization}`);
      response.end("{}");
    });
    const { passed } = await forwardTo((response) => response.writeHead(status, { location: elsewhere }).end());
    expect([passed, asked]).toEqual([{ kind: "redirect" }, []]);
  });

  it("is 4 MB at most", async () => {
    const of = async (length: number) =>
      (await forwardTo((response) => response.end(Buffer.alloc(length, "a")))).passed;
    expect(await of(fourMegabytes + 1)).toEqual({ kind: "too_large" });
    expect(await of(fourMegabytes)).toMatchObject({ kind: "reply", status: 200 });
  });

  it("is nothing after the deadline, or where it breaks off", async () => {
    expect((await forwardTo(() => {}, {}, 200)).passed).toEqual({ kind: "undecided", reason: "timeout" });
    expect((await forwardTo((response) => response.end("{}"), {}, -1_000)).passed).toEqual({
      kind: "undecided",
      reason: "timeout",
    });
    const broken = await forwardTo((response) => response.destroy());
    expect(broken.passed).toEqual({ kind: "undecided", reason: "unreachable" });
  });
});
