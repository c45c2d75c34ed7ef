/** How a call that reads a connection's people holds its lease, waits, ends and gives up. */
import { describe, expect, it } from "vitest";
import { giveUpConnection, readConnection } from "#shared/roster/read-connection.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { newConnectionId } from "../../support/builders.ts";
import { createReadingStage } from "./stages.ts";

describe("a call that reads", () => {
  it("has the lease while it does, and another's change of the part ends it", async () => {
    const { deps, request, lease, reads, roster } = await createReadingStage();
    const until = lease();
    const seen: unknown[] = [];
    deps.people = {
      ...deps.people,
      async readIndividuals() {
        const [read = expect.fail()] = await reads(roster);
        seen.push(read.leaseUntil, read.version);
        await deps.rosters.replaceRead(roster, { ...read, version: read.version + 1 });
        return { kind: "not_supported" };
      },
    };
    expect(await readConnection(deps)(request, until, () => true)).toEqual({ state: "wait", wait_seconds: 5 });
    expect(seen).toEqual([until, 2]);
    expect(await reads(roster)).toMatchObject([{ version: 3, leaseUntil: until }]);
  });

  it.each([
    ["a day", 0, { state: "failed", reason: "not_ready" }],
    ["a millisecond less", 1, { state: "reading", waitingFor: "not_ready" }],
  ])("waits for Finch to fetch the data for %s", async (_, less, expected) => {
    const { deps, request, lease, reads, roster, instead } = await createReadingStage();
    await readConnection(deps)(request, lease(), () => false);
    const [read = expect.fail()] = await reads(roster);
    const notReadySince = new Date(deps.now().getTime() - 24 * 3_600_000 + less);
    const entities = read.entities.map((entity) => ({ ...entity, notReadySince }));
    await deps.rosters.replaceRead(roster, { ...read, entities, version: read.version + 1 });
    instead.push({ read: "readDirectory", answer: { kind: "not_ready" } });
    await readConnection(deps)(request, lease(), () => true);
    expect((await reads(roster))[0]?.entities).toMatchObject([expected]);
  });

  it("that finds its connection gone ends its part: incomplete where all of it was read, for that reason", async () => {
    const { acme, connection, deps, lease, memory, reads, request, roster } = await createReadingStage();
    await readConnection(deps)(request, lease(), () => false);
    const [read = expect.fail()] = await reads(roster);
    const entities = read.entities.map((entity) => ({ ...entity, state: "complete" as const }));
    await deps.rosters.replaceRead(roster, { ...read, entities, version: read.version + 1 });
    memory.connections.delete(`${acme}#${connection.connectionId}`);
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "done" });
    expect(await reads(roster)).toMatchObject([{ state: "incomplete", reason: "connection_ended" }]);
  });

  it.each([
    [0.2, 1],
    [1.5, 2],
    [1_799.5, 1_800],
    [1_801, 1_800],
  ])("that has to wait %f seconds says whole ones, half an hour at most", async (left, seconds) => {
    const { deps, request, lease, reads, roster } = await createReadingStage();
    await readConnection(deps)(request, lease(), () => false);
    const [read = expect.fail()] = await reads(roster);
    const waitUntil = new Date(deps.now().getTime() + left * 1_000);
    const entities = read.entities.map((entity) => ({ ...entity, waitUntil }));
    await deps.rosters.replaceRead(roster, { ...read, entities, version: read.version + 1 });
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "wait", wait_seconds: seconds });
  });

  it("reads what may be read again from this moment on", async () => {
    const { deps, request, lease, reads, roster, asked } = await createReadingStage();
    await readConnection(deps)(request, lease(), () => false);
    const [read = expect.fail()] = await reads(roster);
    const entities = read.entities.map((entity) => ({ ...entity, waitUntil: deps.now() }));
    await deps.rosters.replaceRead(roster, { ...read, entities, version: read.version + 1 });
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "done" });
    expect(asked).toHaveLength(9);
  });

  it("has nothing to do for a connection that is not in the plan, or is read", async () => {
    const { deps, request, lease, readAll, asked } = await createReadingStage();
    const other = { ...request, connectionId: newConnectionId() };
    expect(await readConnection(deps)(other, lease(), () => true)).toEqual({ state: "done" });
    const nowhere = { ...request, rosterId: "another" as RosterId };
    expect(await readConnection(deps)(nowhere, lease(), () => true)).toEqual({ state: "done" });
    expect(asked).toEqual([]);
    await readAll();
    asked.splice(0);
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "done" });
    expect(asked).toEqual([]);
  });

  it.each(["the connection is gone", "the connection is there"])(
    "comes later where another is at it, and %s",
    async (which) => {
      const { acme, connection, deps, lease, memory, request } = await createReadingStage();
      if (which.endsWith("gone")) memory.connections.delete(`${acme}#${connection.connectionId}`);
      const rosters = { ...deps.rosters, replaceRead: async () => false };
      expect(await readConnection({ ...deps, rosters })(request, lease(), () => true)).toEqual({
        state: "wait",
        wait_seconds: 5,
      });
    },
  );

  it("that gives up changes nothing of what is read, and of a roster that there is not", async () => {
    const { deps, giveUp, readAll, reads, request, roster, connection } = await createReadingStage();
    await giveUpConnection(deps)({ ...request, rosterId: "another" as RosterId });
    await giveUpConnection(deps)({ ...request, connectionId: newConnectionId() });
    const { read } = await readAll();
    await giveUp(roster, connection.connectionId);
    expect(await reads(roster)).toEqual([read]);
  });

  it("that gives up does nothing where the roster is gone and its part is not yet", async () => {
    const { giveUp, reads, memory, roster, connection } = await createReadingStage();
    const before = await reads(roster);
    memory.rosters.clear();
    await giveUp(roster, connection.connectionId);
    expect(await reads(roster)).toEqual(before);
  });

  it("that gives up fails what is read still", async () => {
    const { deps, giveUp, lease, reads, request, roster, connection } = await createReadingStage();
    await readConnection(deps)(request, lease(), () => false);
    await giveUp(roster, connection.connectionId);
    const failed = { state: "failed", reason: "internal_error" };
    expect(await reads(roster)).toMatchObject([{ ...failed, entities: [failed], leaseUntil: null }]);
  });
});
