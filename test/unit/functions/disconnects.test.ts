/** Requests to end something nudge the driver once they are stored, and a nudge that fails changes nothing in the reply. */
import { describe, expect, it } from "vitest";
import { operation as deleteOperation } from "#generated/operations/delete-connection.js";
import { operation as entityOperation } from "#generated/operations/disconnect-entity.js";
import { operation as keepOperation } from "#generated/operations/keep-duplicate.js";
import { operation as previewOperation } from "#generated/operations/preview-disconnect.js";
import type { Connection } from "#shared/connection/connection.ts";
import { createHandler as createDelete } from "../../../functions/delete-connection/handler.ts";
import { createHandler as createEntity } from "../../../functions/disconnect-entity/handler.ts";
import { createHandler as createKeep } from "../../../functions/keep-duplicate/handler.ts";
import { createHandler as createPreview } from "../../../functions/preview-disconnect/handler.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { aConnection, acme, ask, codeOf, connectionId, recordLog, surroundings } from "./support.ts";

const path = { customer_id: acme, connection_id: connectionId };
const entity = (id: string) => ({ id, name: `Acme ${id}`, sourceId: null, status: "connected" });

/** Handlers over one connection, or none, and a queue that takes nudges unless it is broken. */
const setting = (connection: Connection | undefined, isBroken = false) => {
  const { connections, marks, memory } = createMemoryStores();
  if (connection) memory.connections.set(`${acme}#${connectionId}`, connection);
  const { log, lines } = recordLog();
  const nudged: unknown[] = [];
  const deps = {
    ...{ ...surroundings, log, connections, marks },
    newId: () => crypto.randomUUID(),
    vault: { destroy: async () => {} },
    nudgeDisconnects: async (asked: readonly unknown[]) => {
      // As everybody finds it stored who takes the message.
      expect(memory.connections.get(`${acme}#${connectionId}`)).not.toEqual(connection);
      if (isBroken) throw new Error("the queue is down");
      nudged.push(...asked);
    },
  };
  return {
    ...{ nudged, lines },
    remove: () => ask(createDelete(deps), deleteOperation, { path }),
    end: (id: string) => ask(createEntity(deps), entityOperation, { path: { ...path, entity_id: id } }),
    keep: () => ask(createKeep(deps), keepOperation, { path }),
    preview: () => ask(createPreview(deps), previewOperation, { path }),
  };
};
const two = aConnection({ entities: [entity("e1"), entity("e2")] });

describe("a disconnect that is asked for", () => {
  it.each(["connection", "entity"])("nudges the driver once (%s)", async (what) => {
    const { remove, end, nudged } = setting(two);
    const request = () => (what === "connection" ? remove() : end("e1"));
    expect([(await request()).status, (await request()).status]).toEqual([202, 202]);
    expect(nudged).toEqual([{ customerId: acme, connectionId }]);
  });

  it.each(["connection", "entity"])("is answered alike when the nudge fails, which is logged (%s)", async (what) => {
    const [good, broken] = [setting(two), setting(two, true)];
    const request = ({ remove, end }: typeof good) => (what === "connection" ? remove() : end("e1"));
    expect((await request(broken)).body).toEqual((await request(good)).body);
    expect(broken.lines.join()).toContain("nudge failed");
    expect(broken.lines.join()).not.toContain("the queue is down");
  });

  it("shows the entity as disconnecting, and refuses the last one by naming the other way", async () => {
    const { end } = setting(two);
    expect((await end("e1")).body["entities"]).toMatchObject([{ status: "disconnecting" }, { status: "connected" }]);
    const last = await end("e2");
    expect([last.status, codeOf(last)]).toEqual([409, "last_entity"]);
    expect(last.body["detail"]).toContain("DELETE /v1/customers/{customer_id}/connections/{connection_id}");
  });

  it("is refused for what is not there, and for one that is held", async () => {
    expect(codeOf(await setting(two).end("e3"))).toBe("not_found");
    expect(codeOf(await setting(undefined).end("e1"))).toBe("not_found");
    expect(codeOf(await setting({ ...two, heldReason: "wrong_account" }).end("e1"))).toBe("connection_held");
  });
});

describe("what is known beside it", () => {
  it("is previewed, and duplicates are kept", async () => {
    const { preview, keep } = setting(two);
    expect((await preview()).body).toEqual({
      ...{ connection_id: connectionId, provider_id: "gusto", products: ["company"], tokens: 1 },
      entities: [
        { id: "e1", name: "Acme e1" },
        { id: "e2", name: "Acme e2" },
      ],
      siblings: { connection_ids: [], other_customers: 0, more: false },
    });
    expect((await keep()).body).toMatchObject({ connection_id: connectionId, possible_duplicates: [] });
  });

  it("is of nobody's where there is no connection", async () => {
    const { preview, keep } = setting(undefined);
    expect([codeOf(await preview()), codeOf(await keep())]).toEqual(["not_found", "not_found"]);
  });
});
