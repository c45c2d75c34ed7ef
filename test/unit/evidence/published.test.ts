/** How what ran on one machine is added to what is published. */
import { expect, it } from "vitest";
import type { WrittenFigure } from "../../../local/evidence/figure.ts";
import { mergeFigures, mergeNightly } from "../../../local/evidence/published.ts";
import type { NightlyFile, NightlyRecord } from "../../../local/testing/nightly-record.ts";

const day = (date: number) => `2026-11-${date}T12:00:00.000Z`;
const figure = (name: string, date: number, value: number): WrittenFigure => ({
  ...{ name, value, unit: "calls", claim: "it holds", command: "npm run it", date: day(date), commit: null },
});
const file = (name: string, date: number, passed: number): NightlyFile => ({
  ...{ file: name, passed, failed: 0, seconds: 1, date: day(date), commit: null, seed: null, load: 0 },
});
const record = (cpu: string, ...files: readonly NightlyFile[]): NightlyRecord => ({
  ...{ machine: { cpu, cores: 2, load_average: [0], node: "24" }, files, figures: [] },
});
const inShort = (merged: NightlyRecord | undefined) =>
  merged?.files.map(({ file: name, passed }) => `${name} ${passed}`);

it("of each figure the newest counts, whichever side it is of", () => {
  const merged = mergeFigures([figure("a", 20, 1), figure("b", 22, 2)], [figure("a", 21, 3), figure("b", 19, 4)]);
  expect(merged.map(({ name, value }) => `${name} ${value}`)).toEqual(["a 3", "b 2"]);
});

it("of two nightly records there are the files of both, and of a file that both have the newer one's", () => {
  const former = record("one", file("a", 20, 1), file("b", 20, 2));
  const later = record("other", file("b", 21, 3), file("c", 21, 4));
  for (const merged of [mergeNightly(former, later), mergeNightly(later, former)]) {
    expect(inShort(merged)?.toSorted()).toEqual(["a 1", "b 3", "c 4"]);
    expect(merged?.machine.cpu).toBe("other");
  }
  expect(mergeNightly(undefined, later)).toBe(later);
  expect(mergeNightly(former, undefined)).toBe(former);
  expect(mergeNightly(undefined, undefined)).toBeUndefined();
});
