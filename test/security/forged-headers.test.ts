/** Every URL that Perch makes is of its configured public address, whatever a request says of where it was sent. */
import { expect, it } from "vitest";
import { completeConnect, denyConnect } from "../../local/finch/drive-connect.ts";
import type { Answer } from "../support/api.ts";
import { cookieName } from "../support/browser.ts";
import { readFinch } from "../support/finch.ts";
import { type LinkedSession, returnUrl } from "../support/journey.ts";
import { type RawRequest, sendRaw } from "../support/raw-request.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { itemsAbout } from "../support/table.ts";

const forged = {
  host: "evil.example",
  "x-forwarded-host": "evil.example",
  "x-forwarded-server": "evil.example",
  "x-forwarded-proto": "https",
  "x-forwarded-port": "444",
  "x-forwarded-prefix": "/evil.example",
  "x-forwarded-for": "203.0.113.66, evil.example",
  "x-original-url": "/evil.example",
  "x-rewrite-url": "/evil.example",
  "x-original-host": "evil.example",
  forwarded: "for=203.0.113.66;host=evil.example;proto=https",
  origin: "https://evil.example",
  referer: "https://evil.example/",
};

/** The gateway itself, behind what stands for its custom domain here: it hands these headers to the functions. */
const findGateway = async (): Promise<string> => {
  const { awsEndpoint, region } = readStack();
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/apigateway/aws4_request, SignedHeaders=host, Signature=none`;
  const listed = await fetch(`${awsEndpoint}/v2/apis`, { headers: { authorization } });
  const { items } = (await listed.json()) as { items: readonly { apiId: string }[] };
  return `${awsEndpoint}/_aws/execute-api/${items[0]?.apiId}/$default`;
};

it.concurrent.for(["its public address", "the gateway"])("forged headers at %s change no URL", async (where) => {
  const base = where === "the gateway" ? await findGateway() : readStack().apiUrl;
  const { apiUrl } = readStack();
  const seen: Answer[] = [];
  const call = async (path: string, request: RawRequest = {}): Promise<Answer> => {
    const answer = await sendRaw(path, { base, ...request, headers: { ...forged, ...request.headers } });
    seen.push(answer);
    return answer;
  };
  const backend = { authorization: `Bearer ${await getApiToken()}`, "content-type": "application/json" };
  const customerId = `test-${crypto.randomUUID()}`;
  const customer = `/v1/customers/${customerId}`;
  const put = await call(customer, { method: "PUT", headers: backend, body: JSON.stringify({ name: customerId }) });
  expect(put.status).toBe(201);
  const started = await call(`${customer}/connect-sessions`, {
    method: "POST",
    headers: backend,
    body: JSON.stringify({ products: ["company"], return_url: returnUrl }),
  });
  const session = started.json<LinkedSession>();
  expect(new URL(session.connect_url).origin).toBe(apiUrl);
  const [asked] = (await readFinch()).sessions.filter((each) => each.customer.id === customerId);
  expect(asked?.redirectUri).toBe(`${apiUrl}/connect/callback`);

  const link = new URL(session.connect_url).pathname;
  const opened = await call(link);
  const [setCookie = ""] = opened.headers.getSetCookie();
  expect(setCookie).not.toMatch(/domain/i);
  const cookie = setCookie.split(";")[0] ?? "";
  expect(cookie).toMatch(new RegExp(`^${cookieName}=`));
  expect(opened.location?.origin).toBe(new URL(readStack().finchUrl).origin);

  const denied = await denyConnect(opened.location ?? "");
  expect(denied.origin).toBe(apiUrl);
  const left = await call(`${denied.pathname}${denied.search}`, { headers: { cookie } });
  expect(left.location?.href.startsWith(returnUrl)).toBe(true);

  const again = await call(link, { headers: { cookie } });
  const callback = await completeConnect({ connectUrl: again.location ?? "", provider: "gusto" });
  const refused = await call(`${callback.pathname}${callback.search}`);
  expect(refused.status).toBe(400);
  const back = await call(`${callback.pathname}${callback.search}`, { headers: { cookie } });
  expect(back.location?.href.startsWith(returnUrl)).toBe(true);
  await call(`/connect/pending/${session.session_id}`, { headers: { cookie } });
  await call(`/connect/pending/${session.session_id}`);
  await call(link);

  const connectionId = back.location?.searchParams.get("connection_id");
  for (const path of [
    `${customer}/connections`,
    `${customer}/connections/${connectionId}`,
    `${customer}/connections/x`,
  ]) {
    await call(path, { headers: backend });
  }
  for (const path of ["/", "/nowhere", "/openapi.json", "/health", `${customer}/connections`]) await call(path);

  for (const answer of seen) {
    const everything = `${JSON.stringify([...answer.headers])} ${answer.text}`;
    expect(everything).not.toMatch(/evil\.example|203\.0\.113|:444(?!\d)/);
  }
  expect(JSON.stringify(await itemsAbout(customerId))).not.toMatch(/evil\.example|203\.0\.113/);
});
