/** What of an event and of an answer is at the edge of its type. */
import { expect, it } from "vitest";
import { forwardReply } from "#shared/http/forward-reply.ts";
import { readGatewayEvent } from "#shared/http/gateway-event.ts";

it("what of an event's parameters is no text is left out", () => {
  const { path, headers } = readGatewayEvent({ pathParameters: { a: 1, b: "c" }, headers: { d: null, E: "f" } });
  expect([path, headers]).toEqual([{ b: "c" }, { e: "f" }]);
});

it("a redirect of Finch's is told to whoever asked", () => {
  const { body = "" } = forwardReply({ kind: "redirect" }, true);
  expect(JSON.parse(body)).toMatchObject({
    detail: "Finch answered with a redirect, which is not followed with a token.",
  });
});
