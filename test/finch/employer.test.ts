import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { failureOf, startFinch, uuid } from "./support.ts";

describe("reading the company", () => {
  it("answers who the employer is, by entity where there are several", async () => {
    const { connectAndExchange, as } = await startFinch();
    const one = await connectAndExchange({}, { provider: "rippling" });
    expect(await as(one.access_token).hris.company.retrieve()).toMatchObject({
      id: one.company_id,
      legal_name: "Acme Inc.",
    });
    const several = await connectAndExchange({}, { username: "multi_entity" });
    const read = (entity_ids?: string[]) =>
      as(several.access_token).hris.company.retrieve(entity_ids && { entity_ids });
    const [, east = ""] = several.entity_ids;
    expect(await read([east])).toMatchObject({ id: expect.stringMatching(uuid), legal_name: "Acme Inc. East" });
    for (const ids of [undefined, several.entity_ids, one.entity_ids]) {
      expect(await failureOf(read(ids))).toMatchObject({ status: 400, error: { finch_code: "invalid_request" } });
    }
    await as(several.access_token).account.disconnectEntity({ entity_ids: [east] });
    expect(await failureOf(read([east]))).toMatchObject({ status: 400 });
  });

  it("needs the product", async () => {
    const { connectAndExchange, as } = await startFinch();
    const grant = await connectAndExchange({ products: ["directory"] });
    const error = await failureOf(as(grant.access_token).hris.company.retrieve());
    expect(error).toBeInstanceOf(Finch.PermissionDeniedError);
    expect(error).toMatchObject({ error: { name: "insufficient_scope_error" } });
  });

  it.each([
    ["reauth", 401, "reauthenticate_user"],
    ["error_no_account_setup", 401, "account_setup_required"],
    ["error_permissions", 403, "insufficient_account_permissions"],
  ])("is refused while the connection is in %s, which an introspection reports with 200", async (state, code, name) => {
    const { connectAndExchange, control, as } = await startFinch();
    const grant = await connectAndExchange({}, { username: "multi_entity" });
    await control("POST", `connections/${grant.connection_id}`, { status: state });
    for (const query of [{}, { entity_ids: grant.entity_ids.slice(0, 1) }]) {
      const error = await failureOf(as(grant.access_token).hris.company.retrieve(query));
      expect(error).toMatchObject({ status: code, error: { finch_code: name } });
    }
    expect(await as(grant.access_token).account.introspect()).toMatchObject({ connection_status: { status: state } });
  });

  it.each(["pending", "processing"])("is accepted, and not answered yet, while it is %s", async (state) => {
    const { connectAndExchange, control, as } = await startFinch();
    const grant = await connectAndExchange();
    await control("POST", `connections/${grant.connection_id}`, { status: state });
    const { data, response } = await as(grant.access_token).hris.company.retrieve().withResponse();
    expect([response.status, data]).toMatchObject([202, { finch_code: "data_sync_in_progress" }]);
  });

  it("works for the other entities while one is in reauth, and for all after a reauthentication", async () => {
    const { connectAndExchange, reauthenticate, control, as, entitiesOf } = await startFinch();
    const login = { provider: "gusto", username: "multi_entity" };
    const grant = await connectAndExchange({}, login);
    const [one = "", two = ""] = grant.entity_ids;
    await control("POST", `connections/${grant.connection_id}`, { entities: { [two]: "reauth" } });
    const read = (id: string) => as(grant.access_token).hris.company.retrieve({ entity_ids: [id] });
    expect(await failureOf(read(two))).toMatchObject({ status: 401, error: { finch_code: "reauthenticate_user" } });
    expect(await read(one)).toMatchObject({ legal_name: "Acme Inc." });
    expect(await entitiesOf(grant.access_token)).toEqual([
      "Acme Inc.: connected",
      "Acme Inc. East: reauth",
      "Acme Inc. West: connected",
    ]);
    await reauthenticate(grant.connection_id, login);
    expect(await read(two)).toMatchObject({ legal_name: "Acme Inc. East" });
  });

  it("may be what a provider does not offer", async () => {
    const { connectAndExchange, control, as } = await startFinch();
    const grant = await connectAndExchange();
    await control("POST", "faults", {
      path: "/employer/company",
      kind: "not_implemented_error",
      times: "until_cleared",
    });
    expect(await failureOf(as(grant.access_token).hris.company.retrieve())).toMatchObject({ status: 501 });
  });
});

describe("the company", () => {
  it("has all that Finch tells of one, each entity its own, the same in every run", async () => {
    const read = async () => {
      const { connectAndExchange, as } = await startFinch();
      const { access_token, entity_ids } = await connectAndExchange({}, { username: "multi_entity" });
      return Promise.all(entity_ids.map((id) => as(access_token).hris.company.retrieve({ entity_ids: [id] })));
    };
    const [first, again] = [await read(), await read()];
    expect(again).toEqual(first);
    expect(new Set(first.map(({ ein }) => ein)).size).toBe(3);
    expect(new Set(first.map(({ id }) => id)).size).toBe(3);
    for (const company of first) {
      expect(company.ein).toMatch(/^\d{2}-\d{7}$/);
      expect(company.entity?.type).toEqual(expect.any(String));
      expect(company.primary_email).toMatch(/^office@acmeinc\w*\.example$/);
      expect(company.locations).toMatchObject([{ country: "US" }]);
      expect(company.departments?.length).toBeGreaterThan(1);
    }
  });

  it("comes with Finch's headers", async () => {
    const { connectAndExchange, as } = await startFinch();
    const { access_token } = await connectAndExchange();
    const { response } = await as(access_token).hris.company.retrieve().withResponse();
    expect(response.headers.get("finch-request-id")).toMatch(uuid);
    expect(Date.parse(response.headers.get("finch-data-retrieved") ?? "")).toBeGreaterThan(0);
    expect(response.headers.get("finch-last-attempted-update-result")).toBe("success");
    expect(response.headers.get("retry-after")).toBeNull();
  });
});
