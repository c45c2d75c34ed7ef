/** The races of every day in many more orders. A failure names the seed of its order, for `test/interleavings`. */
import { expect, it } from "vitest";
import { firstSeed, interleaveAll } from "../interleavings/interleave.ts";

it("keeps every rule in twenty thousand orders", async () => {
  const { runs, violations } = await interleaveAll(1_700);
  process.stdout.write(`interleavings: ${runs} from seed ${firstSeed}\n`);
  expect(violations).toEqual([]);
  expect(runs).toBeGreaterThanOrEqual(20_000);
});
