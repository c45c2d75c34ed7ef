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

  it("refuses none, strangers, the same twice and the last one, and removes nothing", async () => {
    const { connectAndExchange, entitiesOf, as } = await startFinch();
    const grant = await connectAndExchange({}, login);
    const stranger = await connectAndExchange({}, { provider: "rippling" });
    const [one = "", two = "", three = ""] = grant.entity_ids;
    const remove = (ids: string[], accessToken = grant.access_token) =>
      as(accessToken).account.disconnectEntity({ entity_ids: ids });
    const before = await entitiesOf(grant.access_token);
    for (const ids of [[], [one, ...stranger.entity_ids], ["nothing"], [one, two, three]]) {
      const error = await failureOf(remove(ids));
      expect(error).toBeInstanceOf(Finch.BadRequestError);
      expect(error).toMatchObject(invalidRequest);
    }
    expect(await failureOf(remove(stranger.entity_ids, stranger.access_token))).toMatchObject(invalidRequest);
    expect(await entitiesOf(grant.access_token)).toEqual(before);
    await remove([one]);
    expect(await failureOf(remove([one]))).toMatchObject(invalidRequest);
    expect(await failureOf(remove([two], "wrong"))).toMatchObject({ status: 401 });
  });
});
