/** What Perch reads out of Finch's good answers about a token, and how much may be strange in them. */
import { describe, expect, it } from "vitest";
import { secret } from "#shared/secret.ts";
import { startClient } from "./setting.ts";

const startWithToken = async () => {
  const finch = await startClient();
  const granted = await finch.connectAndExchange();
  const introspect = () => finch.client.introspect(secret(granted.access_token));
  return { ...finch, granted, introspect };
};
const unreadable = { kind: "undecided", reason: "unreadable" };

describe("an introspection", () => {
  it("is read with all that Perch stores of it", async () => {
    const { introspect, granted, simulator } = await startWithToken();
    const [connection] = simulator.state.connections.values();
    expect(await introspect()).toEqual({
      kind: "introspected",
      introspection: {
        clientId: "5a1f3c0e-0000-4000-8000-000000000001",
        connectionId: granted.connection_id,
        clientType: "sandbox",
        connectionType: "provider",
        providerId: "gusto",
        status: "connected",
        lastSuccessfulSync: null,
        products: ["company", "directory"],
        authenticationMethods: [
          { type: connection?.authMethod, status: "connected", products: ["company", "directory"] },
        ],
        entities: connection?.entities.map(({ id, name, sourceId, status }) => ({ id, name, sourceId, status })),
        customerId: "acme",
        companyId: connection?.companyId,
        username: connection?.username,
      },
    });
  });

  it.each([
    ["a status of tomorrow", { status: "paused", last_successful_sync: "2026-11-22T10:00:00Z" }, "paused"],
    ["the older name of reauth", { status: "error_reauth", last_successful_sync: "no date" }, "reauth"],
  ])("takes %s", async (_, connection_status, status) => {
    const { introspect, trouble } = await startWithToken();
    trouble("/introspect", "override", { body: { connection_status } });
    const lastSuccessfulSync = status === "paused" ? new Date("2026-11-22T10:00:00Z") : null;
    expect(await introspect()).toMatchObject({ introspection: { status, lastSuccessfulSync } });
  });

  it("takes entities and methods as they come, and leaves out what has no name to be known by", async () => {
    const { introspect, trouble } = await startWithToken();
    const body = {
      entities: [
        { id: "e1", name: null, status: "thawing" },
        { entity_id: "e2", source_id: 7 },
        { name: "?" },
        null,
        "e3",
      ],
      authentication_methods: [{ type: "carrier_pigeon" }, { products: [] }, null],
      username: null,
    };
    trouble("/introspect", "override", { body });
    expect(await introspect()).toMatchObject({
      introspection: {
        entities: [
          { id: "e1", name: null, sourceId: null, status: "thawing" },
          { id: "e2", name: null, sourceId: null, status: null },
        ],
        authenticationMethods: [{ type: "carrier_pigeon", status: null, products: [] }],
        username: null,
      },
    });
  });

  it("takes the older name of provider_id", async () => {
    const { introspect, trouble } = await startWithToken();
    trouble("/introspect", "override", { remove: ["provider_id"], body: { payroll_provider_id: "adp_run" } });
    expect(await introspect()).toMatchObject({ introspection: { providerId: "adp_run" } });
  });

  it.each([["connection_id"], ["connection_status"], ["client_type"], ["provider_id", "payroll_provider_id"]])(
    "is undecided without %s",
    async (...remove) => {
      const { introspect, trouble } = await startWithToken();
      trouble("/introspect", "override", { remove });
      expect(await introspect()).toEqual(unreadable);
    },
  );
});
