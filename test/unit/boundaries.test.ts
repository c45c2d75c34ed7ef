import { expect, it } from "vitest";
import { cruise, root } from "../support/cruise.ts";

it("the source keeps to the boundaries, and all of it is looked at", { timeout: 180_000 }, async () => {
  const { totalCruised, violations } = await cruise(root);
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  // With a TypeScript that it cannot use, the tool reads nothing and finds nothing wrong.
  expect(totalCruised).toBeGreaterThan(200);
});
