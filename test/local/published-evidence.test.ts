import { expect, it } from "vitest";
import type { WrittenFigure } from "../../local/evidence/figure.ts";
import { mergeFigures, mergeNightly } from "../../local/evidence/published.ts";
import type { NightlyRecord } from "../../local/testing/nightly-record.ts";

const figure = (name: string, file: string, day: number, value: number): WrittenFigure => ({
  ...{ name, value, unit: "tries", claim: "None gets through", command: `npm run nightly -- ${file}` },
  ...{ date: `2031-05-0${day}T00:00:00.000Z`, commit: "abc" },
});

/** A record of files that ran on a day, each of which counted something. */
const recordOf = (day: number, ...files: readonly string[]): NightlyRecord => ({
  machine: { cpu: "a CPU", cores: 2, load_average: [0, 0, 0], node: "24.0.0" },
  files: files.map((file) => ({
    ...{ file, passed: day, failed: 0, seconds: 1, date: `2031-05-0${day}T00:00:00.000Z` },
    ...{ commit: "abc", seed: 1, load: 0 },
  })),
  figures: files.map((file) => figure(`of ${file}`, file, day, day)),
});

it("adds what ran here to what is published, and of a file that both have takes the newer run", () => {
  const [published, here] = [recordOf(1, "a.test.ts", "b.test.ts"), recordOf(2, "b.test.ts", "c.test.ts")];
  for (const merged of [mergeNightly(published, here), mergeNightly(here, published)]) {
    expect(merged?.files.map(({ file, passed }) => [file, passed])).toEqual([
      ["a.test.ts", 1],
      ["b.test.ts", 2],
      ["c.test.ts", 2],
    ]);
    expect(merged?.figures.map(({ name, value }) => [name, value])).toEqual([
      ["of a.test.ts", 1],
      ["of b.test.ts", 2],
      ["of c.test.ts", 2],
    ]);
  }
});

it("keeps what is published where nothing ran", () => {
  expect(mergeNightly(recordOf(1, "a.test.ts"), undefined)?.files).toHaveLength(1);
  expect(mergeNightly(undefined, undefined)).toBeUndefined();
});

it("takes the newest figure of each command and name", () => {
  const [old, anew, other] = [figure("bugs", "x", 1, 30), figure("bugs", "x", 2, 40), figure("bugs", "y", 1, 5)];
  for (const merged of [mergeFigures([old, other], [anew]), mergeFigures([anew], [old, other])]) {
    expect(merged.map(({ command, value }) => [command, value]).toSorted()).toEqual([
      ["npm run nightly -- x", 40],
      ["npm run nightly -- y", 5],
    ]);
  }
});
