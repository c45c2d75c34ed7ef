import { describe, expect, it } from "vitest";
import { completeConnect } from "../../local/finch/drive-connect.ts";
import { application, aSession, failureOf, startFinch } from "./support.ts";

const open = async (url: string | URL, init: RequestInit = {}) => {
  const response = await fetch(url, { redirect: "manual", ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** Signs in by hand and shows the page that follows. */
const signInByHand = async (connectUrl: string, username: string) => {
  const session = new URL(connectUrl).searchParams.get("session") ?? "";
  const fields = { session, action: "sign_in", provider: "adp_run", username, password: "good_pass" };
  const shown = await open(new URL("/authorize", connectUrl), { method: "POST", body: new URLSearchParams(fields) });
  return { session, pending: /name="pending" value="([^"]+)"/.exec(shown.text)?.[1] ?? "", ...shown };
};

describe("a login that is asked for a code", () => {
  it("connects with any six digits, and with nothing else", async () => {
    const { connect, connectAndExchange, as, simulator } = await startFinch();
    for (const mfaCode of ["", "12345", "1234567", "12345a"]) {
      await expect(connect({}, { username: "mfa", mfaCode })).rejects.toThrow("422 and did not send the browser back");
    }
    expect(simulator.state.connections.size).toBe(0);
    const grant = await connectAndExchange({}, { username: "mfa", mfaCode: "000000" });
    expect(grant.entity_ids).toHaveLength(1);
    expect(await as(grant.access_token).account.introspect()).toMatchObject({ username: "mfa" });
  });

  it("may try the code again, in its own session and not for ever", async () => {
    const { sdk, control } = await startFinch();
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const { session, pending } = await signInByHand(connectUrl, "mfa");
    const { session_id: otherSession } = await sdk.connect.sessions.new(aSession);
    const enter = (change: Record<string, string>) => {
      const fields = { session, pending, action: "enter_mfa_code", mfa_code: "123456", ...change };
      return open(new URL("/authorize", connectUrl), { method: "POST", body: new URLSearchParams(fields) });
    };
    const wrong = await enter({ mfa_code: "12" });
    expect([wrong.status, wrong.text.includes('id="mfa"')]).toEqual([422, true]);
    expect((await enter({ session: otherSession })).status).toBe(410);
    expect((await enter({})).status).toBe(302);
    await control("POST", "clock", { advance_ms: 60 * 60_000 });
    expect((await enter({})).status).toBe(410);
  });
});

describe("a login that sees several entities", () => {
  const names = ["Acme Inc.", "Acme Inc. East", "Acme Inc. West"];

  it("connects them all with one token, each with its provider's own id", async () => {
    const { connectAndExchange, as } = await startFinch();
    const grant = await connectAndExchange({}, { username: "multi_entity" });
    expect(grant.entity_ids).toHaveLength(3);
    const { entities } = await as(grant.access_token).account.introspect();
    expect(entities?.map(({ name }) => name)).toEqual(names);
    expect(entities?.map(({ id }) => id)).toEqual(grant.entity_ids);
    expect(new Set(entities?.map((entity) => entity.source_id)).size).toBe(3);
    for (const entity of entities ?? []) expect(entity.source_id).toMatch(/^[0-9A-F]{10}$/);
  });

  it("connects those that it picks; another run with others is one more token of the connection", async () => {
    const { connectAndExchange, entitiesOf } = await startFinch();
    const login = { username: "multi_entity" };
    const first = await connectAndExchange({}, { ...login, entities: names.slice(1) });
    const second = await connectAndExchange({ products: ["company"] }, { ...login, entities: names.slice(0, 2) });
    expect(second.connection_id).toBe(first.connection_id);
    expect(await entitiesOf(first.access_token)).toEqual(["Acme Inc. East: connected", "Acme Inc. West: connected"]);
    expect(await entitiesOf(second.access_token)).toEqual(["Acme Inc. East: connected", "Acme Inc.: connected"].sort());
    expect(first.entity_ids.filter((id) => second.entity_ids.includes(id))).toHaveLength(1);
  });

  it.each([
    ["multi_entity", 3],
    ["account_selection", 3],
    ["mfa_multi_entity", 3],
    ["mfa_account_selection", 3],
    ["fewer_entities", 2],
  ])("%s sees %i", async (username, count) => {
    const { connectAndExchange } = await startFinch();
    expect((await connectAndExchange({}, { username, entities: "all" })).entity_ids).toHaveLength(count);
  });

  it("is the same login by its older name, and another one by its number", async () => {
    const { connectAndExchange } = await startFinch();
    const usernames = ["multi_entity", "account_selection", "multi_entity_2"];
    const ids = [];
    for (const username of usernames) ids.push((await connectAndExchange({}, { username })).connection_id);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it("another login finds the same entities when Finch tells logins not apart", async () => {
    const { connectAndExchange, control } = await startFinch();
    await control("POST", "settings", { otherCredentials: "same" });
    const one = await connectAndExchange();
    const all = await connectAndExchange({}, { username: "multi_entity" });
    expect(all.connection_id).toBe(one.connection_id);
    expect(all.entity_ids[0]).toBe(one.entity_ids[0]);
  });

  it("must pick one that is there", async () => {
    const { sdk, connect, simulator } = await startFinch();
    await expect(connect({}, { username: "multi_entity", entities: [] })).rejects.toThrow("Choose what to connect");
    await expect(connect({}, { username: "multi_entity", entities: ["Nowhere"] })).rejects.toThrow(
      'no entity "Nowhere"',
    );
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const { session, pending } = await signInByHand(connectUrl, "multi_entity");
    const fields = { session, pending, action: "pick_entities", entity: "Nowhere" };
    const body = new URLSearchParams(fields);
    expect((await open(new URL("/authorize", connectUrl), { method: "POST", body })).status).toBe(422);
    expect(simulator.state.connections.size).toBe(0);
  });

  it("has all merged into one behind an assisted connection", async () => {
    const { connectAndExchange } = await startFinch();
    const integration = { provider: "paychex_flex", auth_method: "assisted" } as const;
    const grant = await connectAndExchange({ integration }, { username: "multi_entity" });
    expect(grant.entity_ids).toHaveLength(1);
  });

  it("sees a page whose choices are labelled", async () => {
    const { sdk } = await startFinch();
    const evil = { ...aSession, customer_name: `<b>"Acme"` };
    const { text } = await signInByHand((await sdk.connect.sessions.new(evil)).connect_url, "multi_entity");
    expect(text.match(/type="checkbox"/g)).toHaveLength(3);
    for (const id of [0, 1, 2]) expect(text).toContain(`<label for="entity-${id}">`);
    expect(text).toContain("<legend>Entities</legend>");
    expect(text).not.toContain("<b>");
  });
});

describe("in single mode", () => {
  it("each entity is a connection of its own, which is found again", async () => {
    const { connectAndExchange, control, entitiesOf } = await startFinch();
    await control("POST", "settings", { entityMode: "single" });
    const login = { username: "multi_entity" };
    const byDefault = await connectAndExchange({}, login);
    const east = await connectAndExchange({}, { ...login, entities: ["Acme Inc. East"] });
    const again = await connectAndExchange({}, { ...login, entities: ["Acme Inc. East"] });
    expect(await entitiesOf(byDefault.access_token)).toEqual(["Acme Inc.: connected"]);
    expect(await entitiesOf(east.access_token)).toEqual(["Acme Inc. East: connected"]);
    expect(east.connection_id).not.toBe(byDefault.connection_id);
    expect([again.connection_id, again.entity_ids]).toEqual([east.connection_id, east.entity_ids]);
  });

  it("one run picks one, by radio buttons", async () => {
    const { sdk, connect, control } = await startFinch();
    await control("POST", "settings", { entityMode: "single" });
    const { connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    expect((await signInByHand(connectUrl, "multi_entity")).text.match(/type="radio"/g)).toHaveLength(3);
    await expect(connect({}, { username: "multi_entity", entities: "all" })).rejects.toThrow("422");
  });
});

describe("an API token", () => {
  const byToken = { ...aSession, integration: { provider: "bamboo_hr", auth_method: "api_token" } } as const;

  it("connects where the session asks for one, without a username", async () => {
    const { connectAndExchange, as } = await startFinch();
    const grant = await connectAndExchange(byToken);
    expect(await as(grant.access_token).account.introspect()).toMatchObject({
      username: null,
      authentication_methods: [{ type: "api_token" }],
    });
    const other = await connectAndExchange(byToken, { apiToken: "good_token_2" });
    expect(other.connection_id).not.toBe(grant.connection_id);
    await expect(connectAndExchange(byToken, { apiToken: "bad_token" })).rejects.toThrow("422");
    await expect(connectAndExchange(byToken, { username: "good_user" })).rejects.toThrow("no username");
  });

  it("is one of two ways where the provider has both, and none where it has not", async () => {
    const { connectAndExchange, as, sdk, connect } = await startFinch();
    const methodOf = async (grant: { access_token: string }) =>
      (await as(grant.access_token).account.introspect()).authentication_methods?.[0]?.type;
    const login = { provider: "rippling" };
    expect(await methodOf(await connectAndExchange({}, login))).toBe("credential");
    expect(await methodOf(await connectAndExchange({}, { ...login, apiToken: "good_token" }))).toBe("api_token");
    await expect(connect({}, { apiToken: "good_token" })).rejects.toThrow("Sign in to Gusto");
    const { session_id: session, connect_url: connectUrl } = await sdk.connect.sessions.new(aSession);
    const fields = { session, action: "sign_in", provider: "gusto", api_token: "good_token" };
    const body = new URLSearchParams(fields);
    expect((await open(new URL("/authorize", connectUrl), { method: "POST", body })).status).toBe(422);
  });
});

it("a sign-in that waits survives a redirect URI of its own", async () => {
  const { sdk, exchange } = await startFinch();
  const [, redirectUri = ""] = application.redirectUris;
  const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, redirect_uri: redirectUri });
  const withState = `${connectUrl}&state=s%261`;
  const callback = await completeConnect({ connectUrl: withState, provider: "gusto", username: "mfa_multi_entity" });
  expect(callback.searchParams.get("state")).toBe("s&1");
  const code = callback.searchParams.get("code") ?? "";
  expect(await failureOf(exchange(code))).toMatchObject({ status: 400 });
  expect((await exchange(code, { redirect_uri: redirectUri })).entity_ids).toHaveLength(3);
});
