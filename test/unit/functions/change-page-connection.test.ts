import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aClaim, aConnection, newConnectionId } from "../../support/builders.ts";
import { createPageSetting } from "./page-setting.ts";
import { codeOf } from "./support.ts";

const connectionPath = "/page/connections/{connection_id}";
const remove = `DELETE ${connectionPath}`;
const preview = `GET ${connectionPath}/disconnect-preview`;
const removeEntity = `DELETE ${connectionPath}/entities/{entity_id}`;
const keep = `POST ${connectionPath}/keep-duplicate`;
const check = `POST ${connectionPath}/check`;

const entities = ["e1", "e2"].map((id) => ({ id, name: `Bakery ${id}`, sourceId: null, status: "connected" }));

const createSetting = async () => {
  const setting = createPageSetting();
  const [mine, theirs] = [await setting.openPage(), await setting.openPage()];
  const add = async (customerId: CustomerId, changes: Partial<Connection> = {}) => {
    const connection = aConnection({ customerId, connectionId: newConnectionId(), entities, ...changes });
    expect(await setting.stores.connections.claim(aClaim(connection))).toMatchObject({ ok: true });
    return { ...connection, path: { connection_id: connection.connectionId, entity_id: "e1" } };
  };
  return { ...setting, mine, theirs, add };
};

describe("removing a connection on the page", () => {
  it("shows what falls, and asks for just that to be ended", async () => {
    const { ask, mine, add, nudged } = await createSetting();
    const { path, customerId, connectionId } = await add(mine.customerId);
    const shown = await ask("change", preview, { ...mine, path });
    expect(shown.body).toMatchObject({ provider_name: "Gusto", entities: [{ id: "e1" }, { id: "e2" }], siblings: [] });
    const query = { version: String(shown.body["version"]) };
    const removed = await ask("change", remove, { ...mine, path, query });
    expect([removed.status, removed.body["status"]]).toEqual([202, "disconnecting"]);
    expect(nudged).toEqual([{ customerId, connectionId }]);
    expect((await ask("change", remove, { ...mine, path, query })).status).toBe(202);
  });

  it("is refused where it has changed since it was shown", async () => {
    const { ask, mine, add, nudged, stores } = await createSetting();
    const { path, ...connection } = await add(mine.customerId);
    const next = { ...connection, label: "payroll", version: connection.version + 1 };
    expect(await stores.connections.replace(next, [])).toBe(true);
    const query = { version: String(connection.version) };
    const refused = await ask("change", remove, { ...mine, path, query });
    expect([refused.status, codeOf(refused), nudged]).toEqual([409, "connection_changed", []]);
    expect((await ask("change", remove, { ...mine, path })).status).toBe(202);
  });

  it("ends one employer and leaves the others; the last one stays", async () => {
    const { ask, mine, add, nudged } = await createSetting();
    const { path } = await add(mine.customerId);
    const removed = await ask("change", removeEntity, { ...mine, path });
    expect(removed.body["entities"]).toMatchObject([
      { id: "e1", status: "disconnecting" },
      { id: "e2", status: "connected" },
    ]);
    expect(nudged).toHaveLength(1);
    const last = await ask("change", removeEntity, { ...mine, path: { ...path, entity_id: "e2" } });
    expect([last.status, codeOf(last)]).toEqual([409, "last_entity"]);
    const unknown = await ask("change", removeEntity, { ...mine, path: { ...path, entity_id: "e3" } });
    expect([unknown.status, codeOf(unknown)]).toEqual([404, "not_found"]);
  });
});

it("both of two that may be the same are kept", async () => {
  const { ask, mine, add, stores } = await createSetting();
  const [one, other] = [newConnectionId(), newConnectionId()];
  const first = await add(mine.customerId, { connectionId: one, possibleDuplicates: [other] });
  await add(mine.customerId, { connectionId: other, possibleDuplicates: [one] });
  const kept = await ask("change", keep, { ...mine, path: first.path });
  expect([kept.status, kept.body["possible_duplicates"]]).toEqual([200, []]);
  expect((await stores.connections.find(mine.customerId, other))?.keptDuplicates).toEqual([one]);
});

it("a look is asked for, of those who may open tokens", async () => {
  const { ask, mine, add, nudged, stores, failAudit } = await createSetting();
  const { path, customerId, connectionId, createdAt } = await add(mine.customerId);
  expect((await ask("change", check, { ...mine, path })).status).toBe(202);
  expect(nudged).toMatchObject([{ customerId, connectionId, reason: "call", madeAt: createdAt }]);
  const entry = { action: "connection_introspected", customerId, connectionId, caller: `page:${mine.id}` };
  expect(stores.memory.audit.at(-1)).toMatchObject(entry);
  failAudit();
  expect((await ask("change", check, { ...mine, path })).status).toBe(500);
});

describe.each([preview, remove, removeEntity, keep, check])("%s", (name) => {
  it("is answered with the same 404 for another customer's connection and for nobody's, and changes nothing", async () => {
    const { ask, mine, theirs, add, nudged, stores } = await createSetting();
    const { path, ...connection } = await add(theirs.customerId);
    const others = await ask("change", name, { ...mine, path });
    const nobodys = await ask("change", name, { ...mine, path: { ...path, connection_id: newConnectionId() } });
    expect([others.status, others.text]).toEqual([404, nobodys.text]);
    expect(await stores.connections.find(theirs.customerId, connection.connectionId)).toEqual(connection);
    expect(nudged).toEqual([]);
    expect(stores.memory.audit.map(({ action }) => action)).not.toContain("connection_introspected");
  });

  it("is refused for a held connection, whose customer is not certain yet", async () => {
    const { ask, mine, add, nudged } = await createSetting();
    const { path } = await add(mine.customerId, { heldReason: "customer_mismatch" });
    const refused = await ask("change", name, { ...mine, path });
    expect([refused.status, codeOf(refused), nudged]).toEqual([409, "connection_held", []]);
  });
});
