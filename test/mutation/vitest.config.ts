import { readFileSync } from "node:fs";
import { join, matchesGlob, relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { type Plan, planVariable } from "./plan.ts";

const plan = JSON.parse(readFileSync(process.env[planVariable] ?? "", "utf8")) as Plan;

const root = join(import.meta.dirname, "../..");

/** In the order in which the area names them, the cheapest first: mostly a test that takes milliseconds has noticed by then. */
class CheapFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      plan.tests.findIndex((glob) => matchesGlob(relative(root, moduleId), glob));
    return files.toSorted((one, other) => place(one) - place(other));
  }
}

/** The test files that the plan names, on source in which its mutants can be switched on. */
export default defineConfig({
  plugins: [{ name: "mutants", enforce: "pre", load: (id) => plan.files[id.split("?")[0] ?? ""] }],
  test: {
    // Vitest knows a module by its file: of another run's mutants it would give the source again.
    fsModuleCache: false,
    include: [...plan.tests],
    runner: "test/mutation/runner.ts",
    isolate: false,
    maxWorkers: 1,
    maxConcurrency: 1,
    sequence: { sequencer: CheapFirst },
    // A test runs many times over here: the runner has limits of its own.
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    reporters: ["dot"],
  },
});
