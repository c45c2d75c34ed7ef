import { describe, expect, it } from "vitest";
import { operation as acceptOperation } from "#generated/operations/accept-connection.js";
import { operation as deleteOperation } from "#generated/operations/delete-connection.js";
import { operation as updateOperation } from "#generated/operations/update-connection.js";
import type { Connection } from "#shared/connection/connection.ts";
import { ok, refuse } from "#shared/result.ts";
import { createHandler as createAccept } from "../../../functions/accept-connection/handler.ts";
import { createHandler as createDelete } from "../../../functions/delete-connection/handler.ts";
import { createHandler as createUpdate } from "../../../functions/update-connection/handler.ts";
import { aConnection, acme, ask, codeOf, connectionId, recordLog, surroundings, time } from "./support.ts";

const path = { customer_id: acme, connection_id: connectionId };
const held = aConnection({ heldReason: "customer_mismatch" });
const disconnect = { reason: "requested", requestedAt: time, attempts: 0, nextAttemptAt: time } as const;

/** Handlers over one connection, or none; `atLimit`: its customer has another one and may have one. */
const setting = (connection: Connection | undefined, atLimit = false) => {
  const replaced: Connection[] = [];
  const removed: Connection[] = [];
  const nudged: object[] = [];
  const deps = {
    ...surroundings,
    log: recordLog().log,
    connections: {
      find: async () => connection,
      findToken: async () => undefined,
      replace: async (next: Connection) => {
        replaced.push(next);
        return true;
      },
      release: async (next: Connection) => {
        replaced.push(next);
        return atLimit ? refuse("connection_limit" as const) : ok(undefined);
      },
      remove: async (gone: Connection) => {
        removed.push(gone);
        return true;
      },
    },
    vault: { destroy: async () => {} },
    marks: { remove: async () => {} },
    nudgeDisconnects: async (asked: readonly object[]) => void nudged.push(...asked),
  };
  return {
    replaced,
    removed,
    nudged,
    update: (body: unknown) => ask(createUpdate(deps), updateOperation, { path, body }),
    accept: () => ask(createAccept(deps), acceptOperation, { path }),
    remove: (query?: Record<string, string>) =>
      ask(createDelete(deps), deleteOperation, { path, ...(query && { query }) }),
  };
};

describe("changing a connection", () => {
  it("sets the label and the metadata, each alone, and clears the label", async () => {
    const labelled = aConnection({ label: "Old", metadata: { a: "1" } });
    const bodies = [{ label: "New" }, { metadata: {} }, { label: null }];
    const replies = await Promise.all(bodies.map((body) => setting(labelled).update(body)));
    expect(replies.map(({ body }) => [body["label"], body["metadata"], body["version"]])).toEqual([
      ["New", { a: "1" }, 2],
      ["Old", {}, 2],
      [null, { a: "1" }, 2],
    ]);
  });

  it.each([
    ["nothing", {}, "body", "must have at least one field"],
    ["a status", { status: "connected" }, "body.status", "is not a known field here; leave it out"],
    ["a long label", { label: "x".repeat(201) }, "body.label", "must have at most 200 characters"],
    ["a number in the metadata", { metadata: { a: 1 } }, "body.metadata.a", "must be a string"],
  ])("refuses %s", async (_, body, field, message) => {
    const { update, replaced } = setting(aConnection());
    expect((await update(body)).body.errors).toEqual([{ field, message }]);
    expect(replaced).toEqual([]);
  });

  it("finds only what is there", async () => {
    expect(codeOf(await setting(undefined).update({ label: "New" }))).toBe("not_found");
  });
});

describe("accepting a connection", () => {
  it("takes a held one into use", async () => {
    const reply = await setting(held).accept();
    expect([reply.status, reply.body["status"], reply.body["held_reason"]]).toEqual([200, "connected", null]);
  });

  it.each([
    ["is in use", aConnection(), false, 409, "not_held"],
    ["is one too many", held, true, 409, "connection_limit_reached"],
    ["is being disconnected", aConnection({ ...held, disconnect }), false, 409, "connection_disconnecting"],
    ["is unknown", undefined, false, 404, "not_found"],
  ])("is refused when it %s", async (_, connection, atLimit, status, code) => {
    const reply = await setting(connection, atLimit).accept();
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });
});

describe("deleting a connection", () => {
  it("discards a held one and leaves it alone at Finch", async () => {
    const { remove, removed, replaced } = setting(held);
    expect(await remove()).toMatchObject({ status: 204, text: "" });
    expect([removed, replaced]).toEqual([[held], []]);
  });

  it("disconnects a held one when asked to", async () => {
    const { remove, removed, replaced } = setting(held);
    const reply = await remove({ disconnect: "true" });
    expect([reply.status, reply.body["status"], reply.body["held_reason"]]).toEqual([
      202,
      "disconnecting",
      "customer_mismatch",
    ]);
    expect([removed, replaced.map((each) => each.disconnect?.reason)]).toEqual([[], ["discarded"]]);
  });

  it.each([{}, { disconnect: "false" }, { disconnect: "true" }])("disconnects one in use: %j", async (query) => {
    const { remove, removed, replaced } = setting(aConnection());
    const reply = await remove(query);
    expect([reply.status, reply.body["status"]]).toEqual([202, "disconnecting"]);
    expect([removed, replaced.map((each) => each.disconnect?.reason)]).toEqual([[], ["requested"]]);
  });

  it("changes nothing of one that is being disconnected", async () => {
    const { remove, removed, replaced } = setting(aConnection({ disconnect }));
    expect((await remove()).status).toBe(202);
    expect([removed, replaced]).toEqual([[], []]);
  });

  it("finds only what is there, and reads true and false only", async () => {
    expect((await setting(undefined).remove()).status).toBe(404);
    expect((await setting(undefined).remove({ disconnect: "true" })).status).toBe(404);
    const { remove, removed } = setting(held);
    for (const word of ["", "yes", "1", "TRUE"]) {
      expect((await remove({ disconnect: word })).body.errors).toEqual([
        { field: "query.disconnect", message: "must be true or false" },
      ]);
    }
    expect(removed).toEqual([]);
  });
});
