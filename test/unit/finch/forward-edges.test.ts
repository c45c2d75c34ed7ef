/** Answers at the edges of what is passed on, from a transport that says what a test tells it. */
import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { createForwardToFinch } from "#shared/finch/forward.ts";
import { createTransport, type RawRequest } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { afterNoon, noon } from "../../support/builders.ts";
import { startServer } from "./setting.ts";

const forward = async (status: number, headers: IncomingHttpHeaders = {}) => {
  const sent: RawRequest[] = [];
  const send = createForwardToFinch(
    async (request) => {
      sent.push(request);
      return { kind: "answer", status, headers, body: Buffer.from("{}") };
    },
    () => noon,
  );
  const request = { path: "/employer/company", query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
  const answer = await send({ method: "GET", ...request }, secret("not-a-real-token"), afterNoon(1_000));
  return { answer, path: sent[0]?.path };
};

it("a path without a query is sent as it is", async () => {
  expect((await forward(200)).path).toBe("/employer/company");
});

it.each([
  [299, "reply"],
  [300, "redirect"],
  [304, "reply"],
  [399, "redirect"],
  [400, "reply"],
])("an answer %i is a %s", async (status, kind) => {
  expect((await forward(status)).answer.kind).toBe(kind);
});

it("headers of Finch's that come more than once are joined, and those without a value are left out", async () => {
  const { answer } = await forward(200, { "finch-a": ["one", "two"], "finch-b": undefined });
  expect(answer).toMatchObject({ headers: { "finch-a": "one, two" } });
  expect(answer.kind === "reply" && Object.keys(answer.headers)).toEqual(["finch-a"]);
});

it.each([
  ["a moment before its deadline is sent, with that moment's time", 1, [1]],
  ["at its deadline is not sent", 0, []],
  ["after its deadline is not sent", -1, []],
])("a request %s", async (_, left, expected) => {
  const timeouts: number[] = [];
  const send = createForwardToFinch(
    async ({ timeoutMs }) => {
      timeouts.push(timeoutMs);
      return { kind: "undecided", reason: "timeout" };
    },
    () => noon,
  );
  const request = { path: "/x", query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
  const answer = await send({ method: "GET", ...request }, secret("not-a-real-token"), afterNoon(left));
  expect(answer).toEqual({ kind: "undecided", reason: "timeout" });
  expect(timeouts).toEqual(expected);
});

it("a request that no connection has taken in time counts as one that did not reach Finch", async () => {
  const send = createForwardToFinch(
    async () => ({ kind: "not_sent" }),
    () => noon,
  );
  const request = { path: "/x", query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
  const answer = await send({ method: "GET", ...request }, secret("not-a-real-token"), afterNoon(1_000));
  expect(answer).toEqual({ kind: "undecided", reason: "unreachable" });
});

it.each(["POST", "DELETE"])("the body of a %s arrives whole, with its length", async (method) => {
  const arrived: { readonly body: string; readonly length: string | undefined }[] = [];
  const baseUrl = await startServer(async (request, response) => {
    arrived.push({ body: await text(request), length: request.headers["content-length"] });
    response.end();
  });
  const request = { method, path: "/x", headers: {}, timeoutMs: 2_000, longestAnswerBytes: 100 };
  await createTransport(baseUrl, () => noon)({ ...request, body: Buffer.from('{"é":1}') });
  expect(arrived).toEqual([{ body: '{"é":1}', length: "8" }]);
});
