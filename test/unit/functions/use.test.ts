import { describe, expect, it } from "vitest";
import { operation as getAccessToken } from "#generated/operations/get-access-token.js";
import { operation as listAudit } from "#generated/operations/list-audit.js";
import type { AuditEntry, AuditStore } from "#shared/connection/audit.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { TokenId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as createGetAccessToken } from "../../../functions/get-access-token/handler.ts";
import { createHandler as createListAudit } from "../../../functions/list-audit/handler.ts";
import { aDisconnect, anAuditEntry } from "../../support/builders.ts";
import { aConnection, aCustomer, acme, ask, codeOf, connectionId, recordLog, surroundings, time } from "./support.ts";

const path = { customer_id: acme, connection_id: connectionId };
const text = "finch-token-of-acme";

/** The function over one connection. */
const handOut = (connection: Connection | null = aConnection()) => {
  const { log, lines } = recordLog();
  const entries: AuditEntry[] = [];
  const [record] = connection?.tokens ?? [];
  const sealed = record && [{ customerId: acme, connectionId, record, sealed: { ciphertext: new Uint8Array() } }];
  const handler = createGetAccessToken({
    ...surroundings,
    log,
    connections: { find: async () => connection ?? undefined, findToken: async () => sealed?.[0] },
    findNewestTokens: async () => sealed ?? [],
    vault: { open: async () => secret(text) },
    audit: {
      record: async (entry) => {
        entries.push(entry);
      },
    },
  });
  const request = (body: object, caller: object = { client_id: "backend-1", sub: "other" }) =>
    ask(handler, getAccessToken, { path, body, claims: caller });
  return { request, entries, lines };
};
const body = { products: ["company"], reason: "nightly report" };

describe("POST /v1/customers/{customer_id}/connections/{connection_id}/access-token", () => {
  it("hands a token out that nobody keeps, with what it opens", async () => {
    const { request, entries, lines } = handOut();
    const answer = await request({ ...body, entity_id: "e1" });
    expect(answer.status).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: text,
      token_type: "bearer",
      token_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
      connection_id: connectionId,
      provider_id: "gusto",
      products: ["company"],
      entity_ids: ["e1"],
    });
    expect(entries).toMatchObject([
      { caller: "backend-1", reason: "nightly report", entityId: "e1", action: "token_handed_out", request: null },
    ]);
    expect(lines.join()).not.toContain(text);
    expect(lines.join()).toContain('"reason":"token_handed_out"');
  });

  it.each([
    [{ azp: "by-azp", sub: "x" }, "by-azp"],
    [{ sub: "by-sub" }, "by-sub"],
    [{ client_id: 7, sub: "by-sub" }, "by-sub"],
    [{}, ""],
  ])("names the client by the claims %j", async (claims, caller) => {
    const { request, entries } = handOut();
    expect((await request(body, claims)).status).toBe(200);
    expect(entries).toMatchObject([{ caller }]);
  });

  const reauth = aConnection().tokens.map((token) => ({ ...token, status: "reauth" }));
  it.each<[string, Connection | null, object, number]>([
    ["not_found", null, {}, 404],
    ["not_found", aConnection(), { entity_id: "e9" }, 404],
    ["connection_held", aConnection({ heldReason: "wrong_account" }), {}, 409],
    ["connection_disconnecting", aConnection({ disconnect: aDisconnect() }), {}, 409],
    ["reauthentication_required", aConnection({ tokens: reauth }), {}, 409],
    ["product_not_granted", aConnection(), { products: ["company", "ssn", "individual"] }, 409],
  ])("answers %s, and no token leaves", async (code, connection, more, status) => {
    const { request, entries } = handOut(connection);
    const answer = await request({ ...body, ...more });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.text).not.toContain(text);
    expect(entries).toEqual([]);
  });

  it("says which products none opens, or that no single token has all", async () => {
    const one = aConnection();
    const missing = await handOut(one).request({ ...body, products: ["company", "ssn", "individual"] });
    expect(missing.body["detail"]).toMatch(/^None opens ssn, individual\. Start a Connect session/);
    const [token] = one.tokens;
    const both = aConnection({
      tokens: token ? [token, { ...token, tokenId: "other" as TokenId, products: ["directory"] }] : [],
    });
    const split = await handOut(both).request({ ...body, products: ["company", "directory"] });
    expect(split.body["detail"]).toMatch(/^No single one opens all of them/);
  });
});

describe("GET /v1/customers/{customer_id}/audit", () => {
  const auditThat = (page: Awaited<ReturnType<AuditStore["list"]>>, known = true) => {
    const asked: unknown[] = [];
    const list: AuditStore["list"] = async (...of) => {
      asked.push(of);
      return page;
    };
    const customers = { find: async () => (known ? aCustomer() : undefined) };
    const handler = createListAudit({ ...recordLog(), customers, audit: { list } });
    const request = (query?: Record<string, string>) =>
      ask(handler, listAudit, { path: { customer_id: acme }, ...(query && { query }) });
    return { asked, request };
  };
  const forwarded = anAuditEntry({
    customerId: acme,
    action: "request_forwarded",
    reason: null,
    entityId: "e1",
    request: { method: "GET", path: "/employer/company" },
  });

  it("tells who used which token, newest first, and where the next page begins", async () => {
    const handedOut = anAuditEntry({ customerId: acme });
    const next = { at: time.toISOString(), auditId: handedOut.auditId };
    const { asked, request } = auditThat({ items: [forwarded, handedOut], next });
    const first = await request({ limit: "2" });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      audit: [
        {
          action: "request_forwarded",
          reason: null,
          entity_id: "e1",
          request: { method: "GET", path: "/employer/company" },
        },
        {
          action: "token_handed_out",
          reason: "nightly report",
          products: ["directory"],
          request: null,
          caller: "backend",
        },
      ],
    });
    const cursor = String(first.body["next_cursor"]);
    await request({ cursor, connection_id: connectionId });
    expect(asked).toEqual([
      [acme, { limit: 2, from: undefined, connectionId: undefined }],
      [acme, { limit: 50, from: next, connectionId }],
    ]);
  });

  it("answers 404 for a customer that nobody knows, and nothing for one without uses", async () => {
    const none = { items: [], next: undefined };
    expect(codeOf(await auditThat(none, false).request())).toBe("not_found");
    expect((await auditThat(none).request()).body).toEqual({ audit: [], next_cursor: null });
    // It was deleted, and its audit is still there.
    expect((await auditThat({ items: [forwarded], next: undefined }, false).request()).status).toBe(200);
    // A filter has found nothing yet: there is more to read.
    const more = { items: [], next: { at: time.toISOString(), auditId: forwarded.auditId } };
    expect((await auditThat(more, false).request()).status).toBe(200);
  });

  it("refuses a cursor that it has not given out", async () => {
    const answer = await auditThat({ items: [], next: undefined }).request({ cursor: "x" });
    expect([answer.status, codeOf(answer)]).toEqual([400, "invalid_request"]);
  });
});
