/** What the platform is told of a look: each change of status once, and one prompt when its customer is needed. */
import { describe, expect, it } from "vitest";
import { acceptConnection } from "#shared/connection/change-connection.ts";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { nthVersion } from "../../support/builders.ts";
import { createCheckSetting, entity, invalid, says, signedOut } from "./check-setting.ts";

const partly = (...inTrouble: readonly string[]): IntrospectAnswer =>
  says({ entities: ["e1", "e2"].map((id) => entity(id, null, inTrouble.includes(id) ? "reauth" : "connected")) });
const createPartial = () => createCheckSetting(["e1", "e2"]);

describe("events of a look", () => {
  it.each(["pending", "processing", "error_permissions", "a status of tomorrow"])(
    "tell when the status becomes %s, and prompt nobody",
    async (status) => {
      const { check, finchSays, stored, told, events } = await createCheckSetting();
      finchSays(says({ status }));
      await check();
      await check();
      const { connectionId: id, finchStatus } = await stored();
      expect(finchStatus).toBe(status);
      expect(told()).toEqual([["ConnectionUpdated", { provider_id: "gusto", status }]]);
      expect(events().at(-1)?.subject).toEqual({ kind: "connection", id, version: nthVersion(2) });
    },
  );

  it.each<[string, IntrospectAnswer]>([
    ["says the status reauth", says({ status: "reauth", entities: [entity("e1"), entity("e2")] })],
    ["answers reauthenticate_user", signedOut],
    ["answers invalid_token", invalid],
  ])("ask once for a new sign-in when Finch %s, and say how", async (_, answer) => {
    const { check, finchSays, stored, told, customerId, connectionId, events } = await createPartial();
    finchSays(answer);
    await check();
    await check();
    expect(await stored()).toMatchObject({ finchStatus: "reauth", version: nthVersion(3) });
    const status = { provider_id: "gusto", status: "reauth" };
    const path = `/v1/customers/${customerId}/connections/${connectionId}/reauthenticate-sessions`;
    expect(told()).toEqual([
      ["ConnectionUpdated", status],
      ["ReauthenticationRequired", { ...status, entity_ids: ["e1", "e2"], reauthenticate: { method: "POST", path } }],
    ]);
    expect(events().at(-1)?.subject).toEqual({ kind: "connection", id: connectionId, version: nthVersion(2) });
  });

  it("ask once for each entity that comes to be signed out, while the others serve", async () => {
    const { check, finchSays, stored, told } = await createPartial();
    const prompted = () => told().map(([type, detail]) => [type, Object(detail).status, Object(detail).entity_ids]);
    finchSays(partly("e2"));
    await check();
    expect(prompted()).toHaveLength(2);
    await check();
    expect(await stored()).toMatchObject({
      finchStatus: "connected",
      entities: [{ status: "connected" }, { status: "reauth" }],
    });
    expect(prompted()).toEqual([
      ["ConnectionUpdated", "connected", undefined],
      ["ReauthenticationRequired", "connected", ["e2"]],
    ]);
    finchSays(partly("e1", "e2"));
    await check();
    expect(prompted().slice(2)).toEqual([
      ["ConnectionUpdated", "connected", undefined],
      ["ReauthenticationRequired", "connected", ["e1", "e2"]],
    ]);
    finchSays(partly());
    await check();
    await check();
    expect(prompted().slice(4)).toEqual([["ConnectionUpdated", "connected", undefined]]);
  });

  it.each<[string, IntrospectAnswer]>([
    ["has no entities that Finch tells", says({ entities: [] })],
    ["had only entities that were signed out before", partly("e1", "e2")],
  ])("ask when a connection itself comes to be signed out that %s", async (_, before) => {
    const { check, finchSays, told, memory, stored, customerId, connectionId } = await createPartial();
    finchSays(before);
    await check();
    if ((await stored()).entities.every(({ status }) => status !== "reauth")) {
      memory.connections.set(`${customerId}#${connectionId}`, { ...(await stored()), entities: [] });
    }
    const count = told().length;
    finchSays(signedOut);
    await check();
    expect(
      told()
        .slice(count)
        .map(([type]) => type),
    ).toEqual(["ConnectionUpdated", "ReauthenticationRequired"]);
  });

  it("tell of a reconnect that heals, and prompt nobody after it", async () => {
    const { check, finchSays, told, bringToken, stored } = await createPartial();
    finchSays(signedOut, says({ entities: [entity("e1"), entity("e2")] }));
    await check();
    await bringToken(1, ["e1", "e2"]);
    const count = told().length;
    await check();
    await check();
    expect(told().slice(count)).toEqual([]);
    expect(await stored()).toMatchObject({ finchStatus: "connected", tokens: [{ status: "connected" }] });
  });

  it("prompt again when a new sign-in left an entity out", async () => {
    const { check, finchSays, told, bringToken } = await createPartial();
    finchSays(partly("e2"), partly("e2"));
    await check();
    const count = told().length;
    await bringToken(1, ["e1", "e2"]);
    await check();
    await check();
    expect(
      told()
        .slice(count)
        .map(([type]) => type),
    ).toEqual([
      // The claim's own, in which nothing is known to be wrong any more.
      "ConnectionUpdated",
      "ConnectionUpdated",
      "ReauthenticationRequired",
    ]);
  });

  it.each<[string, IntrospectAnswer]>([
    ["connected", says()],
    ["reauth", signedOut],
    ["invalid", invalid],
  ])("are none of a held connection, which stays held, though Finch says %s", async (_, answer) => {
    const { check, finchSays, before, stored, memory, told, customerId, connectionId } = await createCheckSetting();
    memory.connections.set(`${customerId}#${connectionId}`, { ...before, heldReason: "customer_mismatch" });
    finchSays(answer);
    await check();
    expect(await stored()).toMatchObject({ heldReason: "customer_mismatch", version: nthVersion(2) });
    expect(told()).toEqual([]);
  });

  it("prompt when a held connection that needs its customer is accepted", async () => {
    const { check, finchSays, before, memory, told, deps, customerId, connectionId } = await createCheckSetting();
    memory.connections.set(`${customerId}#${connectionId}`, { ...before, heldReason: "acceptance_required" });
    finchSays(signedOut);
    await check();
    await acceptConnection(deps)(customerId, connectionId);
    await check();
    expect(told().map(([type]) => type)).toEqual(["ConnectionCreated", "ReauthenticationRequired"]);
  });
});
