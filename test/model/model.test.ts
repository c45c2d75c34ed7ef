/** Anything that may happen, in any order, with anything going wrong: what is stored is what must be true. */
import { expect, it } from "vitest";
import { runModel } from "./run-model.ts";

const runs = 1_500;

it(`${runs} stories end as the model says`, async () => {
  const { failure } = await runModel(runs);
  expect(failure).toBeUndefined();
});
