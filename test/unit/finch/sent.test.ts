/** What goes over the way to Finch. */
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { application, redirectUri } from "../../finch/support.ts";
import { createClient, startServer } from "./setting.ts";

const call = { method: "GET", path: "/introspect", timeoutMs: 5_000 } as const;

describe("what is sent", () => {
  const record = async () => {
    const requests: { readonly request: IncomingMessage; readonly body: string }[] = [];
    const url = await startServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      requests.push({ request, body: Buffer.concat(chunks).toString() });
      response.setHeader("finch-request-id", "an id").end("{}");
    });
    return { url, requests };
  };

  it("names the version of the API, and a secret only where it belongs", async () => {
    const { url, requests } = await record();
    const client = createClient(url);
    await client.exchangeCode(secret("not-a-real-code"), redirectUri, 5_000);
    await client.introspect(secret("not-a-real-token"));
    const [exchange, introspect] = requests.map(({ request }) => request);
    for (const each of [exchange, introspect]) expect(each?.headers["finch-api-version"]).toBe("2020-09-17");
    expect(exchange?.headers.authorization).toBeUndefined();
    expect(introspect?.headers.authorization).toBe("Bearer not-a-real-token");
    for (const { request } of requests) expect(request.url).not.toMatch(/not-a-real/);
    expect(requests[0]?.body).toContain(application.clientSecret);
    expect(requests[1]?.body).toBe("");
  });

  it("says what it sends, and what it wants", async () => {
    const { url, requests } = await record();
    await createSendToFinch(createTransport(url, () => new Date()))({ ...call, method: "POST", body: { name: "Zoë" } });
    await createSendToFinch(createTransport(url, () => new Date()))(call);
    const [post, get] = requests.map(({ request }) => request.headers);
    expect(requests[0]?.body).toBe('{"name":"Zoë"}');
    expect(post).toMatchObject({ "content-type": "application/json", "content-length": "15" });
    expect([post?.["transfer-encoding"], get?.["content-type"]]).toEqual([undefined, undefined]);
    expect(get).toMatchObject({ accept: "application/json", "user-agent": "perch" });
  });

  it("goes over one connection, also after the time limit of a call that was answered", async () => {
    const { url, requests } = await record();
    const send = createSendToFinch(createTransport(url, () => new Date()));
    await send({ ...call, timeoutMs: 1_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await send(call);
    expect(new Set(requests.map(({ request }) => request.socket)).size).toBe(1);
  });

  it("goes over TLS where the address says so", async () => {
    const { url, requests } = await record();
    const secure = createSendToFinch(createTransport(url.replace("http:", "https:"), () => new Date()));
    expect(await secure(call)).toEqual({ kind: "undecided", reason: "unreachable" });
    expect(requests).toEqual([]);
  });

  it("keeps what Finch's support asks for", async () => {
    const { url } = await record();
    expect(await createSendToFinch(createTransport(url, () => new Date()))(call)).toMatchObject({ requestId: "an id" });
  });
});
