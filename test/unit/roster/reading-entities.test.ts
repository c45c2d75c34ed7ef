/** Which entities of a connection are read, and what becomes of the connection's part by what they do. */
import { describe, expect, it } from "vitest";
import { createReadStep } from "#shared/roster/read-step.ts";
import { unreadConnection } from "#shared/roster/roster.ts";
import { anEntityDisconnect, aTokenRecord } from "../../support/builders.ts";
import { createEntityStage, products } from "./stages.ts";

const anEntity = (id: string, status = "connected") => ({ id, name: null, sourceId: null, status });
const two = { entities: [anEntity("entity-1"), anEntity("entity-2")] };
const tokens = [aTokenRecord({ products, entityIds: ["entity-1", "entity-2"] })];

describe("a connection's entities", () => {
  it("are read each, and their pages lie apart", async () => {
    const { readAll, asked, objects } = await createEntityStage({ ...two, tokens });
    const { read } = await readAll();
    expect(read).toMatchObject({
      state: "complete",
      entities: [
        { people: 3, pages: 2 },
        { people: 1, pages: 1 },
      ],
    });
    expect(new Set(asked.map(({ entityId }) => entityId))).toEqual(new Set(["entity-1", "entity-2"]));
    const names = [...objects.keys()].map((key) => key.split("/").slice(-3).join("/"));
    const phases = ["directory", "individual", "employment"];
    const places = ["0/0", "0/1", "1/0"];
    expect(names.toSorted()).toEqual(places.flatMap((place) => phases.map((phase) => `${place}/${phase}`)).toSorted());
  });

  it("may have no name at Finch: then the connection is read as a whole", async () => {
    const { readAll, asked } = await createEntityStage({
      entities: [],
      tokens: [aTokenRecord({ products, entityIds: [] })],
    });
    const { read } = await readAll();
    expect(read).toMatchObject({ state: "complete", entities: [{ entityId: null, people: 1 }] });
    expect(asked.map(({ entityId }) => entityId)).toEqual([null, null, null]);
  });

  it("may all be at an end: then there is nobody, and nothing has failed", async () => {
    const { readAll, asked } = await createEntityStage({ entities: [anEntity("entity-1", "disconnected")], tokens });
    expect((await readAll()).read).toMatchObject({ state: "complete", reason: null, entities: [] });
    expect(asked).toEqual([]);
  });

  it.each([
    ["is disconnected", { entities: [anEntity("entity-1", "disconnected"), anEntity("entity-2")] }],
    ["is being disconnected", { ...two, entityDisconnects: [anEntityDisconnect({ entityId: "entity-1" })] }],
  ])("are not read where one %s", async (_, changes) => {
    const { readAll, asked } = await createEntityStage({ ...changes, tokens });
    const { read } = await readAll();
    expect(read).toMatchObject({ state: "complete", entities: [{ entityId: "entity-2", people: 1 }] });
    expect(asked).toHaveLength(3);
  });

  it("go on while another waits, and are waited for only when all do, until the first may", async () => {
    const { readAll, instead, asked } = await createEntityStage({ ...two, tokens });
    const wait = (of: string, retryAfterSeconds: number) =>
      instead.push({
        read: "readDirectory",
        of,
        answer: { kind: "undecided", reason: "budget_used_up", retryAfterSeconds },
      });
    wait("entity-1", 100);
    wait("entity-2", 40);
    wait("entity-2", 40);
    const { read, waited } = await readAll();
    expect([read.state, waited]).toEqual(["complete", [40, 40, 20]]);
    expect(asked.slice(0, 3).map(({ entityId }) => entityId)).toEqual(["entity-1", "entity-2", "entity-2"]);
  });

  it("make the part incomplete where one fails, and failed where all do", async () => {
    const { readAll, instead } = await createEntityStage({ ...two, tokens });
    instead.push({ read: "readDirectory", of: "entity-2", answer: { kind: "not_permitted" } });
    const { read } = await readAll();
    expect(read).toMatchObject({ state: "incomplete", reason: null, itemErrorCount: 0 });
    expect(read.entities).toMatchObject([{ state: "complete" }, { state: "failed", reason: "not_permitted" }]);
    const all = await createEntityStage({ ...two, tokens });
    all.missing.add("readDirectory");
    expect((await all.readAll()).read).toMatchObject({ state: "failed", reason: null });
  });
});

it("a step is of an entity that there is", async () => {
  const { deps, roster, connection } = await createEntityStage({ tokens });
  const step = createReadStep(deps, { roster, connection });
  await expect(step(unreadConnection(connection.connectionId), 0)).rejects.toThrow("there is no such entity");
});
