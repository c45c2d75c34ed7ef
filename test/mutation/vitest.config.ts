import { defineConfig } from "vitest/config";

/** What Stryker runs on each mutant: the test files that `main.ts` names for the area. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env["PERCH_MUTATION_TESTS"] ?? "[]"),
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
