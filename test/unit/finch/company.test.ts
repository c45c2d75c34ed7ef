import { describe, expect, it } from "vitest";
import { readCompanyWith } from "#shared/finch/company.ts";
import type { FinchAnswer, FinchCall } from "#shared/finch/request.ts";
import { secret } from "#shared/secret.ts";

const read = async (status: number, body: FinchAnswer["body"], entityId: string | null = "e 1") => {
  const calls: FinchCall[] = [];
  const answer = await readCompanyWith(async (call) => {
    calls.push(call);
    return { kind: "answer", status, body, requestId: undefined };
  })(secret("a-token"), entityId);
  return { answer, call: calls[0] };
};

describe("reading a company at Finch", () => {
  it("asks with the token, about one entity", async () => {
    const { call } = await read(200, {});
    expect([call?.method, call?.path, call?.authorization?.reveal()]).toEqual([
      "GET",
      "/employer/company?entity_ids[]=e%201",
      "Bearer a-token",
    ]);
    expect((await read(200, {}, null)).call?.path).toBe("/employer/company");
  });

  it("keeps name, type and four digits, and nothing else", async () => {
    const body = {
      ...{ id: "c", legal_name: "Acme LLC", entity: { type: "llc", subtype: "s_corporation" }, ein: "12-3456789" },
      ...{ primary_email: "a@b.example", accounts: [{ account_number: "123456789" }] },
    };
    const company = { legalName: "Acme LLC", entityType: "llc", entitySubtype: "s_corporation", einLastFour: "6789" };
    expect((await read(200, body)).answer).toEqual({ kind: "company", company });
  });

  it.each<[unknown, string | null]>([
    [null, null],
    [undefined, null],
    ["", null],
    ["123", null],
    ["1234", "1234"],
    ["no number", null],
    [123456789, "6789"],
  ])("has of the EIN %j: %j", async (ein, lastFour) => {
    const { answer } = await read(200, { ein });
    expect(answer).toMatchObject({ company: { einLastFour: lastFour, legalName: null, entityType: null } });
  });

  it.each([null, "llc", 7, []])("bears an entity that is %j", async (entity) => {
    expect((await read(200, { entity, legal_name: 7 })).answer).toMatchObject({
      company: { entityType: null, legalName: null },
    });
  });

  it.each<[number, string | undefined, object]>([
    [202, "data_sync_in_progress", { kind: "not_ready" }],
    [501, "not_implemented_error", { kind: "not_supported" }],
    [403, "insufficient_account_permissions", { kind: "not_permitted" }],
    [403, "insufficient_scope_error", { kind: "not_granted" }],
    [401, "reauthenticate_user", { kind: "needs_customer" }],
    [401, "account_setup_required", { kind: "needs_customer" }],
    [401, "invalid_token_error", { kind: "needs_customer" }],
    // The same words with another status are no word of the customer's.
    [400, "reauthenticate_user", { kind: "platform_trouble", reason: "reauthenticate_user" }],
    [401, "unauthorized_request_error", { kind: "platform_trouble", reason: "unauthorized_request_error" }],
    [402, "payment_required", { kind: "platform_trouble", reason: "payment_required" }],
    [429, "finch_application_rl", { kind: "undecided", reason: "rate_limited" }],
    [500, "server_error", { kind: "undecided", reason: "server_error" }],
  ])("takes %i %s for what it is", async (status, name, expected) => {
    expect((await read(status, { name })).answer).toEqual(expected);
  });

  it("bounds what it keeps, and an empty text is none", async () => {
    const body = { legal_name: "x".repeat(301), entity: { type: "", subtype: `${"y".repeat(299)}😀` } };
    const expected = { legalName: "x".repeat(300), entityType: null, entitySubtype: `${"y".repeat(299)}\ufffd` };
    expect((await read(200, body)).answer).toMatchObject({ company: expected });
    expect((await read(200, { legal_name: "" })).answer).toMatchObject({ company: { legalName: null } });
  });

  it("decides nothing where nothing is known of the answer", async () => {
    const lost = { kind: "undecided", reason: "timeout" } as const;
    expect(await readCompanyWith(async () => lost)(secret("a-token"), null)).toEqual(lost);
  });

  it("decides nothing by a 200 that is no object", async () => {
    expect((await read(200, undefined)).answer).toEqual({ kind: "undecided", reason: "unreadable" });
  });
});
