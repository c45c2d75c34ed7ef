import { describe, expect, it } from "vitest";
import { failReauthentication } from "../../local/finch/drive-connect.ts";
import { failureOf, redirectUri, startFinch } from "./support.ts";

describe("a reauthentication session", () => {
  it("keeps the connection and its products, and makes it healthy, with a new token", async () => {
    const { connectAndExchange, reauthenticate, control, as } = await startFinch();
    const first = await connectAndExchange();
    await control("POST", `connections/${first.connection_id}`, { status: "reauth" });
    const before = await as(first.access_token).account.introspect();
    expect(before).toMatchObject({ connection_status: { status: "reauth" }, entities: [{ status: "reauth" }] });
    const second = await reauthenticate(first.connection_id, { username: "good_user_3" });
    expect(second).toMatchObject({
      connection_id: first.connection_id,
      entity_ids: first.entity_ids,
      provider_id: "gusto",
      products: first.products,
      customer_id: "acme",
    });
    expect(second.access_token).not.toBe(first.access_token);
    for (const { access_token: accessToken } of [first, second]) {
      expect(await as(accessToken).account.introspect()).toMatchObject({
        connection_status: { status: "connected" },
        entities: [{ status: "connected" }],
        username: "good_user_3",
      });
    }
  });

  it("may ask for other products", async () => {
    const { connectAndExchange, reauthenticate, as } = await startFinch();
    const first = await connectAndExchange();
    const second = await reauthenticate(first.connection_id, {}, { products: ["company", "employment"] });
    expect(second.products).toEqual(["company", "employment"]);
    expect((await as(first.access_token).account.introspect()).products).toEqual(first.products);
  });

  it("leaves the customer as it was", async () => {
    const { connectAndExchange, reauthenticate, control } = await startFinch();
    await control("POST", "settings", { customerIdMode: "latest" });
    const company = "Shared Ltd.";
    await connectAndExchange({}, { company });
    const latest = await connectAndExchange({ customer_id: "globex", customer_name: "Globex" }, { company });
    expect((await reauthenticate(latest.connection_id)).customer_id).toBe("globex");
  });

  it("lasts 30 days unless told otherwise", async () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const { sdk, connectAndExchange, simulator } = await startFinch({ clock: () => now });
    const { connection_id: connectionId } = await connectAndExchange();
    const { session_id: sessionId } = await sdk.connect.sessions.reauthenticate({ connection_id: connectionId });
    expect(simulator.state.sessions.get(sessionId)?.expiresAtMs).toBe(Date.parse("2026-01-31T00:00:00Z"));
  });

  it("is refused for a connection that is unknown or was ended", async () => {
    const { sdk, connectAndExchange, as } = await startFinch();
    const { connection_id: ended, access_token: accessToken } = await connectAndExchange();
    await as(accessToken).account.disconnect();
    for (const connectionId of [ended, "6c0a2f4e-0000-4000-8000-000000000000"]) {
      const error = await failureOf(sdk.connect.sessions.reauthenticate({ connection_id: connectionId }));
      expect(error).toMatchObject({ status: 404, error: { name: "not_found_error", finch_code: "item_not_found" } });
    }
    const bad = sdk.connect.sessions.reauthenticate({ connection_id: ended, products: [] });
    expect(await failureOf(bad)).toMatchObject({ status: 400, error: { finch_code: "invalid_request" } });
  });

  it("ends where the connection was disconnected in the meantime", async () => {
    const { sdk, connectAndExchange, as } = await startFinch();
    const { connection_id: connectionId, access_token: accessToken } = await connectAndExchange();
    const session = { connection_id: connectionId, redirect_uri: redirectUri };
    const { connect_url: connectUrl } = await sdk.connect.sessions.reauthenticate(session);
    await as(accessToken).account.disconnect();
    const callback = await failReauthentication({ connectUrl, provider: "gusto" });
    expect(callback.searchParams.get("error")).toBe("employer_connection_error");
  });
});

describe("the entities of a reauthentication", () => {
  const login = { username: "multi_entity" };
  const east = "Acme Inc. East";
  const west = "Acme Inc. West";

  it("can be added, and none can be taken away", async () => {
    const { connectAndExchange, reauthenticate, entitiesOf } = await startFinch();
    const first = await connectAndExchange({}, { ...login, entities: [east] });
    const second = await reauthenticate(first.connection_id, { ...login, entities: [west] });
    expect(second.connection_id).toBe(first.connection_id);
    expect(await entitiesOf(second.access_token)).toEqual([`${east}: connected`, `${west}: connected`]);
    expect(await entitiesOf(first.access_token)).toEqual([`${east}: connected`]);
    const third = await reauthenticate(first.connection_id, login);
    expect(third.entity_ids).toEqual(second.entity_ids);
  });

  it("are healthy again, all of them", async () => {
    const { connectAndExchange, reauthenticate, entitiesOf, control } = await startFinch();
    const first = await connectAndExchange({}, login);
    const [one = "", two = ""] = first.entity_ids;
    const entities = { [one]: "reauth", [two]: "error_permissions" };
    await control("POST", `connections/${first.connection_id}`, { entities });
    expect(await entitiesOf(first.access_token)).toEqual([
      "Acme Inc.: reauth",
      `${east}: error_permissions`,
      `${west}: connected`,
    ]);
    const second = await reauthenticate(first.connection_id, login);
    expect(new Set((await entitiesOf(second.access_token))?.map((entity) => entity.split(": ")[1]))).toEqual(
      new Set(["connected"]),
    );
  });

  it("must all be seen by the person, who else is sent back with an error", async () => {
    const { sdk, connectAndExchange, reauthenticate, simulator, control, as } = await startFinch();
    const first = await connectAndExchange({}, login);
    await control("POST", `connections/${first.connection_id}`, { status: "reauth" });
    for (const username of ["fewer_entities", "good_user"]) {
      await expect(reauthenticate(first.connection_id, { username })).rejects.toThrow(
        /422 .* This login cannot reconnect .*: .*Acme Inc\. West\.$/,
      );
    }
    const session = { connection_id: first.connection_id, redirect_uri: redirectUri };
    const { connect_url: connectUrl } = await sdk.connect.sessions.reauthenticate(session);
    const options = { connectUrl: `${connectUrl}&state=s1`, provider: "gusto" };
    const callback = await failReauthentication({ ...options, username: "fewer_entities" });
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: "employer_connection_error",
      error_description: expect.any(String),
      state: "s1",
    });
    await expect(failReauthentication({ ...options, username: "multi_entity" })).rejects.toThrow("did not refuse");
    await control("POST", `connections/${first.connection_id}`, { status: "reauth" });
    simulator.state.codes.clear();
    expect((await as(first.access_token).account.introspect()).connection_status.status).toBe("reauth");
    expect(simulator.state.tokens.size).toBe(1);
  });

  it("that were removed need not be seen, and come back with their id when they are picked", async () => {
    const { connectAndExchange, reauthenticate, entitiesOf, as } = await startFinch();
    const first = await connectAndExchange({}, login);
    const [, , westId = ""] = first.entity_ids;
    await as(first.access_token).account.disconnectEntity({ entity_ids: [westId] });
    const without = await reauthenticate(first.connection_id, { username: "fewer_entities" });
    expect(without.entity_ids).toEqual(first.entity_ids.slice(0, 2));
    const again = await reauthenticate(first.connection_id, { ...login, entities: [west] });
    expect(again.entity_ids).toEqual(first.entity_ids);
    expect(await entitiesOf(first.access_token)).toContain(`${west}: connected`);
  });

  it("in single mode, stay the one that it was, unless Finch is told to take another", async () => {
    const { connectAndExchange, reauthenticate, control } = await startFinch();
    await control("POST", "settings", { entityMode: "single" });
    const first = await connectAndExchange({}, { ...login, entities: [east] });
    expect((await reauthenticate(first.connection_id, login)).entity_ids).toEqual(first.entity_ids);
    const other = reauthenticate(first.connection_id, { ...login, entities: [west] });
    await expect(other).rejects.toThrow("Another entity is connected");
    await control("POST", "settings", { reauthOtherCompany: "connect" });
    const elsewhere = await reauthenticate(first.connection_id, { ...login, entities: [west] });
    expect(elsewhere.connection_id).not.toBe(first.connection_id);
  });
});

describe("a reauthentication at another company", () => {
  it("is refused, and sent back with an error", async () => {
    const { sdk, connectAndExchange, reauthenticate, simulator } = await startFinch();
    const first = await connectAndExchange();
    const login = { company: "Elsewhere" };
    await expect(reauthenticate(first.connection_id, login)).rejects.toThrow("does not see the company");
    const session = { connection_id: first.connection_id, redirect_uri: redirectUri };
    const { connect_url: connectUrl } = await sdk.connect.sessions.reauthenticate(session);
    const callback = await failReauthentication({ connectUrl, provider: "gusto", ...login });
    expect(callback.searchParams.get("error")).toBe("employer_connection_error");
    expect(simulator.state.connections.size).toBe(1);
  });

  it("returns another connection of the same customer, when Finch is told so", async () => {
    const { connectAndExchange, reauthenticate, control, as } = await startFinch();
    await control("POST", "settings", { reauthOtherCompany: "connect" });
    const [first, other] = [await connectAndExchange(), await connectAndExchange({}, { company: "Acme East" })];
    await control("POST", `connections/${first.connection_id}`, { status: "reauth" });
    const grant = await reauthenticate(first.connection_id, { company: "Acme East" });
    expect(grant).toMatchObject({ connection_id: other.connection_id, customer_id: "acme" });
    expect((await as(first.access_token).account.introspect()).connection_status.status).toBe("reauth");
  });

  it("returns a connection that nobody owns, when Finch is told so", async () => {
    const { connectAndExchange, reauthenticate, control } = await startFinch();
    await control("POST", "settings", { reauthOtherCompany: "connect" });
    const first = await connectAndExchange();
    const grant = await reauthenticate(first.connection_id, { company: "Elsewhere", username: "multi_entity" });
    expect(grant.connection_id).not.toBe(first.connection_id);
    expect(grant).toMatchObject({ customer_id: "acme", entity_ids: { length: 3 } });
  });

  it("is filled in with the company that is connected", async () => {
    const { connectAndExchange, reauthenticate } = await startFinch();
    const first = await connectAndExchange({}, { company: "Acme East" });
    expect((await reauthenticate(first.connection_id)).connection_id).toBe(first.connection_id);
  });
});
