import { defineConfig } from "vitest/config";

/** Starts and kills local stacks of its own: it takes long, and belongs to the tests that do. */
const lifeCycle = "test/local/life-cycle.test.ts";

/** Tests with a deployed stack (`test/support/stack.ts`) wait for functions that start cold, and for each other. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{unit,finch,local,generate}/**/*.test.ts"],
          exclude: [lifeCycle],
        },
      },
      // Thousands of short runs on fakes.
      { test: { name: "faults", include: ["test/{faults,interleavings}/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 } },
      // The CDK takes some seconds to load.
      { test: { name: "cdk", include: ["test/cdk/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: "integration", include: ["test/integration/**/*.test.ts"], ...patient } },
      { test: { name: "journey", include: ["test/{journey,security}/**/*.test.ts", lifeCycle], ...patient } },
      { test: { name: "nightly", include: ["test/nightly/**/*.test.ts"], testTimeout: 900_000, hookTimeout: 60_000 } },
    ],
  },
});
