import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { failureOf, redirectUri, startFinch } from "./support.ts";

const invalidRequest = { status: 400, error: { name: "bad_request", finch_code: "invalid_request" } };

describe("disconnecting", () => {
  it("ends every token and unused code of the connection; connecting again makes a new one", async () => {
    const { connectForCode, connectAndExchange, exchange, as, simulator } = await startFinch();
    const [first, second] = [await connectAndExchange(), await connectAndExchange()];
    const unused = await connectForCode();
    const other = await connectAndExchange({}, { provider: "rippling" });
    expect(second.connection_id).toBe(first.connection_id);
    expect(await as(first.access_token).account.disconnect()).toEqual({ status: "success" });
    for (const { access_token: accessToken } of [first, second]) {
      const calls = [() => as(accessToken).account.introspect(), () => as(accessToken).account.disconnect()];
      for (const call of calls) {
        const error = await failureOf(call());
        expect(error).toMatchObject({ status: 401, error: { name: "invalid_token_error" } });
      }
    }
    expect(simulator.state.connections.get(first.connection_id)?.status).toBe("disconnected");
    const error = await failureOf(exchange(unused, { redirect_uri: redirectUri }));
    expect(error).toMatchObject({ status: 400, error: { name: "invalid_grant_error" } });
    await expect(as(other.access_token).account.introspect()).resolves.toBeTruthy();
    const again = await connectAndExchange();
    expect(again.connection_id).not.toBe(first.connection_id);
    expect(again.company_id).toBe(first.company_id);
  });
});

describe("disconnecting, by the setting disconnectScope", () => {
  const otherAdmin = { username: "good_user_2" };

  it("leaves the siblings alone, unless it ends all of a company's at a provider, other customers' too", async () => {
    const { connectAndExchange, as, control, simulator } = await startFinch();
    const [first, second] = [await connectAndExchange(), await connectAndExchange({}, otherAdmin)];
    const siblings = { customer_id: "globex", customer_name: "Globex" };
    const third = await connectAndExchange(siblings, { username: "good_user_3", company: "Acme Inc." });
    const elsewhere = await connectAndExchange({}, { provider: "rippling" });
    const statusOf = ({ connection_id: id }: { connection_id: string }) => simulator.state.connections.get(id)?.status;
    await as(first.access_token).account.disconnect();
    expect([first, second, third].map(statusOf)).toEqual(["disconnected", "connected", "connected"]);
    await control("POST", "settings", { disconnectScope: "company_and_provider" });
    await as(second.access_token).account.disconnect();
    expect([second, third, elsewhere].map(statusOf)).toEqual(["disconnected", "disconnected", "connected"]);
    expect(await failureOf(as(third.access_token).account.introspect())).toMatchObject({ status: 401 });
  });
});

describe("disconnecting entities", () => {
  const login = { username: "multi_entity" };

  it("removes those that are named; all tokens live on", async () => {
    const { connectForCode, connectAndExchange, exchange, entitiesOf, as } = await startFinch();
    const [first, second] = [await connectAndExchange({}, login), await connectAndExchange({}, login)];
    const unused = await connectForCode({}, login);
    const [one = "", two = "", three = ""] = first.entity_ids;
    const removed = await as(first.access_token).account.disconnectEntity({ entity_ids: [one, three] });
    expect(removed).toEqual({ status: "success" });
    for (const { access_token: accessToken } of [first, second]) {
      expect(await entitiesOf(accessToken)).toEqual([
        "Acme Inc.: disconnected",
        "Acme Inc. East: connected",
        "Acme Inc. West: disconnected",
      ]);
    }
    expect((await exchange(unused)).entity_ids).toEqual([two]);
  });

  it("refuses none, strangers and the same twice, and removes nothing", async () => {
    const { connectAndExchange, entitiesOf, as } = await startFinch();
    const grant = await connectAndExchange({}, login);
    const stranger = await connectAndExchange({}, { provider: "rippling" });
    const [one = "", two = ""] = grant.entity_ids;
    const remove = (ids: string[], accessToken = grant.access_token) =>
      as(accessToken).account.disconnectEntity({ entity_ids: ids });
    const before = await entitiesOf(grant.access_token);
    for (const ids of [[], [one, ...stranger.entity_ids], ["nothing"]]) {
      const error = await failureOf(remove(ids));
      expect(error).toBeInstanceOf(Finch.BadRequestError);
      expect(error).toMatchObject(invalidRequest);
    }
    expect(await entitiesOf(grant.access_token)).toEqual(before);
    await remove([one]);
    expect(await failureOf(remove([one]))).toMatchObject(invalidRequest);
    expect(await failureOf(remove([two], "wrong"))).toMatchObject({ status: 401 });
  });

  it("removes the last one, too: the token lives on without any, until one is picked again", async () => {
    const { connectAndExchange, reauthenticate, entitiesOf, as } = await startFinch();
    const { access_token: accessToken, connection_id: connectionId, entity_ids: ids } = await connectAndExchange();
    await as(accessToken).account.disconnectEntity({ entity_ids: ids });
    expect(await entitiesOf(accessToken)).toEqual(["Acme Inc.: disconnected"]);
    const again = await reauthenticate(connectionId, { provider: "gusto" });
    expect(again).toMatchObject({ connection_id: connectionId, entity_ids: ids });
    expect(await entitiesOf(accessToken)).toEqual(["Acme Inc.: connected"]);
  });
});
