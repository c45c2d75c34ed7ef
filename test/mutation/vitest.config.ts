import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The stores on a DynamoDB come last: mostly a test that takes milliseconds has noticed by then. */
class CheapFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => moduleId.endsWith("stores.test.ts");
    return [...files.filter((file) => !isSlow(file)), ...files.filter(isSlow)];
  }
}

/** What Stryker runs on each mutant: the test files that `main.ts` names for the area. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env["PERCH_MUTATION_TESTS"] ?? "[]"),
    isolate: false,
    sequence: { sequencer: CheapFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
