/** Connections of several entities: each is read by itself. */
import { expect, it } from "vitest";
import { aTokenRecord } from "../../support/builders.ts";
import { ann, bea, carl, createRosterSetting, dora } from "./setting.ts";

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
