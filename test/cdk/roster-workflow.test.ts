/** The state machine of rosters, by its definition: Step Functions keeps what steps are given and say for 90 days, in clear. */
import { expect, it } from "vitest";
import { resourcesOf, synthesise } from "./support.ts";

type Json = Readonly<Record<string, unknown>>;

const readDefinition = (): Json => {
  const machines = [...resourcesOf(synthesise("production"), "AWS::StepFunctions::StateMachine").values()];
  expect(machines).toHaveLength(1);
  return JSON.parse(String(machines[0]?.properties["DefinitionString"]));
};

/** All states, those of the map's child executions too. */
const statesIn = (machine: Json): readonly Json[] =>
  Object.values(machine["States"] as Readonly<Record<string, Json>>).flatMap((state) => [
    state,
    ...(state["ItemProcessor"] === undefined ? [] : statesIn(state["ItemProcessor"] as Json)),
  ]);

it("steps are given ids and the step's name, and nothing is added to what they are told by each other but a state", () => {
  const states = statesIn(readDefinition());
  const given = states.flatMap((state) => [state["Parameters"], state["ItemSelector"]]).filter((each) => each);
  expect(given).toHaveLength(states.filter(({ Type }) => Type === "Task" || Type === "Map").length);
  const parameters = new Set(given.flatMap((each) => Object.entries(Object(each)).map((pair) => pair.join("="))));
  expect([...parameters].toSorted()).toEqual([
    "connection_id.$=$$.Map.Item.Value",
    ...["connection_id", "customer_id", "roster_id"].map((id) => `${id}.$=$.${id}`),
    ...["fail", "give_up", "plan", "read", "reconcile"].map((step) => `step=${step}`),
  ]);
  // What goes on from a step is what the plan and a read say: their functions answer with ids and states.
  const kept = states.map(({ ResultPath }) => ResultPath).filter((path) => typeof path === "string");
  expect(kept.toSorted()).toEqual(["$.plan", "$.read"]);
  // What is thrown goes no further than its own event.
  const caught = states.flatMap(({ Catch = [] }) => Catch as readonly Json[]);
  expect(caught.length).toBeGreaterThan(2);
  expect(caught.filter(({ ResultPath }) => ResultPath !== null)).toEqual([]);
});
