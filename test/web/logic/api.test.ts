import { expect, it } from "vitest";
import { CallFailed, createPageApi } from "../../../web/api/page-api.ts";

const answer = (status: number, body: unknown) => async (): Promise<Response> =>
  new Response(status === 204 ? null : JSON.stringify(body), { status });

const failureOf = async (send: typeof fetch): Promise<unknown> =>
  createPageApi(send)
    .view()
    .catch((error: unknown) => error);

it("once the session is known each call names it, and what changes something is JSON", async () => {
  const sent: [string, RequestInit][] = [];
  const api = createPageApi(async (url, init = {}) => {
    sent.push([String(url), init]);
    return answer(200, { session: { page_session_id: "s" }, page_session_id: "s", connections: [] })();
  });
  await api.view();
  await api.remove("a/b", 3);
  await api.connect("gusto");
  await api.connect(null);
  const headersOf = (index: number) => new Headers(sent[index]?.[1].headers);
  expect(headersOf(0).get("x-perch-page")).toBeNull();
  expect([1, 2].map((index) => headersOf(index).get("x-perch-page"))).toEqual(["s", "s"]);
  expect(headersOf(1).get("content-type")).toBe("application/json");
  expect(sent.map(([url, { method, body }]) => [method, url, body])).toEqual([
    ["GET", "/page/view?limit=500", undefined],
    ["DELETE", "/page/connections/a%2Fb?version=3", undefined],
    ["POST", "/page/connect-sessions", '{"provider_id":"gusto"}'],
    ["POST", "/page/connect-sessions", "{}"],
  ]);
  expect(sent.every(([, init]) => init.credentials === "same-origin" && init.redirect === "error")).toBe(true);
});

it("a refusal says what kind it is, by its code, and how support finds it", async () => {
  const problem = { type: "urn:perch:problem:finch_unavailable", request_id: "id" };
  expect(await failureOf(answer(503, problem))).toMatchObject({
    trouble: "problem",
    code: "finch_unavailable",
    requestId: "id",
  });
  expect(await failureOf(answer(401, {}))).toMatchObject({ trouble: "ended" });
  expect(await failureOf(answer(503, { message: "Service Unavailable" }))).toMatchObject({
    trouble: "problem",
    code: "",
  });
  expect(await failureOf(async () => new Response("<html>", { status: 502 }))).toMatchObject({ trouble: "problem" });
  const offline = await failureOf(async () => {
    throw new TypeError("Failed to fetch");
  });
  expect(offline).toBeInstanceOf(CallFailed);
  expect(offline).toMatchObject({ trouble: "offline" });
});

it("both ways to Connect are understood", async () => {
  const started = { session_id: "s", connect_url: "https://perch/connect/t", finch_session_id: null, state: null };
  expect(await createPageApi(answer(201, started)).connect(null)).toEqual({
    mode: "redirect",
    sessionId: "s",
    connectUrl: "https://perch/connect/t",
  });
  const embedded = { session_id: "s", connect_url: null, finch_session_id: "f", state: "t" };
  expect(await createPageApi(answer(201, embedded)).reconnect("c")).toEqual({
    mode: "embedded",
    sessionId: "s",
    finchSessionId: "f",
    state: "t",
  });
});
