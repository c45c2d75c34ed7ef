/** Connections by their entities: each is read by itself, and none is there for ever. */
import { expect, it } from "vitest";
import { aTokenRecord } from "../../support/builders.ts";
import { ann, bea, carl, createRosterSetting, dora } from "./setting.ts";
import { createRosterStage, names } from "./stages.ts";

it("two entities of a connection are read in turn while one waits, each with its own people", async () => {
  const setting = await createRosterSetting();
  const entities = ["west", "east"].map((id) => ({ id, name: null, sourceId: null, status: "connected" }));
  const products = ["directory", "individual", "employment"];
  const tokens = [aTokenRecord({ products, entityIds: ["west", "east"] })];
  const { connectionId } = await setting.employ([], { entities, tokens });
  setting.employed.set("west", [ann, bea, carl]);
  setting.employed.set("east", [dora]);
  setting.instead.push({ read: "readIndividuals", answer: { kind: "not_ready" }, of: "west" });
  const roster = await setting.start();
  await setting.plan(roster);
  await setting.read(roster, connectionId);
  const [read] = await setting.reads(roster);
  expect(read).toMatchObject({ state: "complete", entities: [{ people: 3 }, { people: 1 }] });
  expect(setting.asked.map(({ entityId }) => entityId).slice(0, 4)).toEqual(["west", "west", "east", "east"]);
  const individuals = [...setting.objects].filter(([name]) => name.endsWith("/individual"));
  const ids = individuals.map(([, text]) => Object.keys(JSON.parse(text)));
  expect(ids.toSorted()).toEqual([["ann-1", "bea-1"], ["carl-1"], ["dora-1"]]);
});

it("who was read of a connection that has no entity left has left", async () => {
  const { acme, employ, memory, run, list, told } = await createRosterStage();
  await employ([ann]);
  const { connectionId } = await employ([carl]);
  await run();
  const key = `${acme}#${connectionId}`;
  const connection = memory.connections.get(key) ?? expect.fail();
  const entities = connection.entities.map((entity) => ({ ...entity, status: "disconnected" }));
  expect(entities).toHaveLength(1);
  memory.connections.set(key, { ...connection, entities });
  const { roster } = await run();
  expect(roster.outcome).toMatchObject({ incomplete: false, employees: 1 });
  expect(told().counts).toEqual({ joined: 0, left: 1, moved: 0, merged: 0, split: 0 });
  expect(names((await list()).items)).toEqual(["Okonkwo"]);
});
