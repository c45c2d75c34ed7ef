/** Figures that tests count, for `docs/evidence.md`. */
import { relative } from "node:path";
import { expect } from "vitest";
import { figuresVariable, writeFigure } from "../../local/evidence/figure.ts";
import { root } from "../../local/stack/places.ts";

/**
 * Hands on what a test has counted, such as how many forgeries it tried. `npm run nightly` collects it; any other run forgets
 * it, since its tests may have tried less. What is recorded again in the same file under the same name counts instead: a
 * test that counts in parts adds them up itself.
 *
 * @param claim the sentence that the figure stands for, which the same test has just seen to hold.
 */
export const recordFigure = (name: string, value: number, unit: string, claim: string): void => {
  const folder = process.env[figuresVariable];
  if (!folder) return;
  const { testPath } = expect.getState();
  if (testPath === undefined) throw new Error("a figure is recorded within a test");
  writeFigure({ name, value, unit, claim, command: `npm run nightly -- ${relative(root, testPath)}` }, folder);
};
