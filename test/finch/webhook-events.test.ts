import { describe, expect, it } from "vitest";
import { otherApplication } from "./support.ts";
import { startWithWebhooks, webhookSecret } from "./webhook-receiver.ts";

const several = { username: "multi_entity" };

describe("events", () => {
  it("are sent on connecting, reauthenticating, trouble and disconnecting, each once", async () => {
    const { connectAndExchange, reauthenticate, control, as, settled } = await startWithWebhooks();
    const grant = await connectAndExchange();
    await as(grant.access_token).sandbox.connections.accounts.update({ connection_status: "reauth" });
    await as(grant.access_token).sandbox.connections.accounts.update({ connection_status: "reauth" });
    await reauthenticate(grant.connection_id, { provider: "gusto" });
    await control("POST", `connections/${grant.connection_id}`, { status: "error_permissions" });
    await as(grant.access_token).account.disconnect();
    const received = await settled();
    expect(received.map(({ body }) => body.data.status).toSorted()).toEqual(
      ["connected", "reauth", "connected", "error_permissions", "disconnected"].toSorted(),
    );
    expect(new Set(received.map(({ headers }) => headers["finch-event-id"])).size).toBe(5);
    for (const { body } of received) {
      expect(body).toEqual({
        event_type: "account.updated",
        connection_id: grant.connection_id,
        entity_id: null,
        company_id: grant.company_id,
        account_id: grant.account_id,
        data: { status: expect.any(String), authentication_method: "oauth" },
      });
    }
  });

  it("name the entity where the connection spans several: those in trouble, and each that is removed", async () => {
    const { connectAndExchange, control, as, arrived, received } = await startWithWebhooks();
    const { connection_id: connectionId, entity_ids: ids, access_token: token } = await connectAndExchange({}, several);
    const seen = async (count: number) =>
      (await arrived(count)).map(({ body }) => `${ids.indexOf(body.entity_id ?? "")} ${body.data.status}`).toSorted();
    expect(await seen(3)).toEqual(["0 connected", "1 connected", "2 connected"]);
    received.length = 0;
    await control("POST", `connections/${connectionId}`, { entities: { [ids[1] ?? ""]: "reauth" } });
    expect(await seen(1)).toEqual(["1 reauth"]);
    received.length = 0;
    await as(token).account.disconnectEntity({ entity_ids: ids.slice(0, 2) });
    expect(await seen(2)).toEqual(["0 disconnected", "1 disconnected"]);
    received.length = 0;
    await as(token).account.disconnect();
    expect(await seen(1)).toEqual(["2 disconnected"]);
  });

  it("are not sent without an address, nor of another application's connections", async () => {
    const { control, connectAndExchange, sdk, log, settled } = await startWithWebhooks();
    const other = sdk.withOptions({ clientID: otherApplication.clientId });
    await other.sandbox.connections.create({ provider_id: "gusto" });
    await control("DELETE", "webhooks");
    await connectAndExchange();
    expect(await log()).toEqual({ endpoint: null, rules: [], deliveries: [] });
    expect((await control("POST", "webhooks/events", {})).status).toBe(400);
    expect(await settled()).toEqual([]);
  });

  it("may be the dashboard's test, of a kind that nobody knows, or no JSON at all", async () => {
    const { control, connectAndExchange, settled, sdk } = await startWithWebhooks();
    const grant = await connectAndExchange({}, several);
    const connection_id = grant.connection_id;
    await control("POST", "webhooks/events", { event_type: "test" });
    await control("POST", "webhooks/events", {
      event_type: "moon.risen",
      connection_id,
      entity_id: "e",
      data: { full: 1 },
    });
    await control("POST", "webhooks/events", {
      connection_id,
      body: { shade: "blue" },
      remove: ["account_id", "data"],
    });
    await control("POST", "webhooks/events", { raw: "not JSON" });
    const received = (await settled()).slice(3);
    const company_id = grant.company_id;
    expect(received.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event_type: "test", connection_id: expect.any(String), entity_id: null }),
        expect.objectContaining({ event_type: "moon.risen", connection_id, entity_id: "e", data: { full: 1 } }),
        { event_type: "test", connection_id, entity_id: null, company_id, shade: "blue" },
        "not JSON",
      ]),
    );
    for (const { raw, headers } of received) sdk.webhooks.verifySignature(raw, { ...headers }, webhookSecret);
  });
});
