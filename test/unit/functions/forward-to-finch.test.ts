import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { secret } from "#shared/secret.ts";
import type { ForwardAnswer } from "#shared/use/forward-request.ts";
import { createHandler } from "../../../functions/forward-to-finch/handler.ts";
import { aDisconnect } from "../../support/builders.ts";
import { findBreaches } from "../../support/http-contract.ts";
import { aConnection, acme, connectionId, recordLog, surroundings } from "./support.ts";

const lost: ForwardAnswer = { kind: "undecided", reason: "unreachable" };

/** What the function answers over one connection, when Finch says this. */
const forward = async (
  connection: Connection | undefined,
  method: string,
  path: string,
  said: ForwardAnswer = lost,
) => {
  const sealed = (connection?.tokens ?? []).map((record) => ({
    ...{ customerId: acme, connectionId, record, sealed: { ciphertext: new Uint8Array() } },
  }));
  const handler = createHandler({
    ...{ ...surroundings, ...recordLog(), rules: [] },
    connections: { find: async () => connection, findToken: async () => sealed[0] },
    findNewestTokens: async () => sealed,
    vault: { open: async () => secret("a token") },
    audit: { record: async () => {} },
    forward: async () => said,
    nudgeChecks: async () => {},
  });
  const { statusCode, headers, body } = await handler({
    pathParameters: { customer_id: acme, connection_id: connectionId, path },
    headers: { "content-type": "application/json" },
    requestContext: { http: { method } },
  });
  const pathname = `/v1/customers/${encodeURIComponent(acme)}/connections/${connectionId}/finch/${path}`;
  const reply = { status: statusCode, headers: new Headers(headers), text: body };
  expect(findBreaches(method, pathname, reply)).toEqual([]);
  return [statusCode, headers["x-should-retry"]];
};

describe("ANY /v1/customers/{customer_id}/connections/{connection_id}/finch/{path+}", () => {
  const signedOut = aConnection().tokens.map((token) => ({ ...token, status: "reauth" }));
  it.each<[string, Connection | undefined, string, string, number, string | undefined]>([
    ["an answer that was lost of a read", aConnection(), "GET", "employer/company", 503, undefined],
    ["one that was lost of anything else", aConnection(), "POST", "forward", 503, "false"],
    ["a customer who must sign in", aConnection({ tokens: signedOut }), "GET", "employer/company", 401, "false"],
    ["a held connection", aConnection({ heldReason: "wrong_account" }), "GET", "employer/company", 409, "false"],
    ["one that is going", aConnection({ disconnect: aDisconnect() }), "GET", "employer/company", 409, "false"],
    ["one that is unknown", undefined, "GET", "employer/company", 404, "false"],
    ["what is not forwarded", aConnection(), "GET", "introspect", 403, undefined],
  ])("tells Finch's SDK whether to ask again: %s", async (_, connection, method, path, status, retry) => {
    expect(await forward(connection, method, path)).toEqual([status, retry]);
  });
});
