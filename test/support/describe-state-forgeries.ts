import { describe, expect, it } from "vitest";
import { recordFigure } from "./evidence.ts";
import { tryFinchLies } from "./try-finch-lies.ts";
import { kindsOfStateForgeries, tryStateForgeries } from "./try-state-forgeries.ts";

const seed = Number(process.env["PERCH_SEED"] ?? 1);

/** So many forged ways back from Connect are refused, of every kind, and so many wrong answers of Finch do no harm. */
export const describeStateForgeries = (atLeast: number, lies: number): void => {
  describe("forged ways back from Connect", () => {
    it("are refused, change nothing and tell nothing; the genuine ones among them are let in", async () => {
      const { tried, controls, wrong } = await tryStateForgeries(atLeast, seed);
      const total = Object.values(tried).reduce((sum, each) => sum + each, 0);
      process.stdout.write(`forged states: ${total} tried, ${wrong.length} wrong, ${controls} genuine ones let in\n`);
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(Object.keys(tried).toSorted()).toEqual(kindsOfStateForgeries.toSorted());
      expect(total).toBeGreaterThanOrEqual(atLeast);
      // Six in each batch of 26.
      expect(controls).toBeGreaterThanOrEqual(Math.floor(total / 26) * 6);
      recordFigure("forged states tried", total, "states", "No forged, replayed or foreign state is accepted");
    });
  });

  describe("what Finch should not return", () => {
    it("puts no token where it should not be, breaks nothing, and leaves room for the truth", async () => {
      const { tried, controls, wrong } = await tryFinchLies(lies, seed);
      const total = Object.values(tried).reduce((sum, each) => sum + each, 0);
      process.stdout.write(
        `wrong answers of Finch: ${total} tried, ${wrong.length} wrong, ${controls} right ones kept\n`,
      );
      expect(wrong.slice(0, 20)).toEqual([]);
      expect([total, controls]).toEqual([lies, lies]);
      recordFigure("wrong answers of Finch tried", total, "answers", "None puts a token under another customer");
    });
  });
};
