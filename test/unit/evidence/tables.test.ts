import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { toFigure } from "../../../local/bench/figures.ts";
import { withSections } from "../../../local/evidence/sections.ts";
import { evidenceSections } from "../../../local/evidence/tables.ts";
import { root } from "../../../local/stack/places.ts";

const machine = { cpu: "Difference Engine", cores: 2, load_average: [0.5, 0.4, 0.3], node: "24.0.0" };
const about = { date: "2026-11-20T12:00:00.000Z", commit: "0123456789ab", machine };
const ran = { date: about.date, commit: about.commit, seed: 7, load: 0.5 };
const counted = {
  name: "forged webhooks",
  value: 12_000,
  unit: "webhooks",
  claim: "None is | accepted",
  command: "run it",
};

it("what was never run says so, in each part of the document", () => {
  const written = readFileSync(join(root, "docs/evidence.md"), "utf8");
  const sections = evidenceSections({ bench: undefined, nightly: undefined, counted: [] });
  expect(new Set(Object.values(sections))).toEqual(new Set(["Not run yet."]));
  expect(withSections(written, sections)).toContain("Not run yet.");
});

it("each line has a claim, a figure, a bar that holds or does not, and a command", () => {
  const finding = { name: "x", what: "a list", unit: "ms", samples: [1, 2, 3], ratio: { to: "bare", value: 1.4 } };
  const bar = { of: "ratio", must_be: "at most", than: 1.3 } as const;
  const {
    bench,
    "not-measured": notMeasured,
    nightly,
    counted: others,
  } = evidenceSections({
    bench: {
      ...about,
      load_average_after: [1],
      not_measured_on_aws: ["Cold starts."],
      figures: [toFigure("load", { ...finding, bar })],
    },
    nightly: {
      machine,
      files: [
        { file: "test/nightly/growth.test.ts", ...ran, passed: 1_231, failed: 0, seconds: 600 },
        { file: "test/unit/log.test.ts", ...ran, passed: 2, failed: 1, seconds: 3 },
        { file: "test/unit/result.test.ts", ...ran, passed: 1, failed: 0, seconds: 4 },
      ],
      figures: [{ ...counted, ...about }],
    },
    counted: [{ ...counted, ...about }],
  });
  expect(bench).toContain(
    "| x: a list | 2 ms | 3 | 1.4 × bare | ratio at most 1.3: **does not hold** | `npm run bench -- load` |",
  );
  expect(bench).toContain(
    "commit 0123456789ab. Difference Engine, 2 cores, Node 24.0.0; load average 0.5 before, 1 after",
  );
  expect(notMeasured).toBe("- Cold starts.");
  expect(nightly).toContain("**1,234 tests passed, 1 failed**");
  expect(nightly).toContain("| None is \\| accepted | 12,000 webhooks (forged webhooks) | 2026-11-20, 0123456789ab |");
  expect(nightly).toContain("| `test/nightly/growth.test.ts` | 1 | 1,231 | 0 | 600 | 0.5 | 2026-11-20, 0123456789ab |");
  expect(nightly).toContain("| `test/unit` | 2 | 3 | 1 | 7 | 0.5 | 2026-11-20, 0123456789ab |");
  expect(others).toContain(
    "| None is \\| accepted | 12,000 webhooks (forged webhooks) | 2026-11-20, 0123456789ab | `run it` |",
  );
});
