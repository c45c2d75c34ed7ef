import { defineConfig } from "vitest/config";
import { suiteVariable } from "./local/testing/plan.ts";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Starts and kills local stacks of its own: it takes long, and belongs to the tests that do. */
const lifeCycle = "test/local/life-cycle.test.ts";

/** Callers that race or die as processes of their own. */
const processes = ["racing-processes", "interleavings", "killed-processes"].map(
  (name) => `test/contract/${name}.test.ts`,
);

/** What takes seconds rather than milliseconds: `npm test` runs it, `npm run check` does not. */
const thorough = [
  "test/cdk/bundles/**",
  "test/cdk/{secrets-manager,canary,synthesis}.test.ts",
  "test/contract/{cost,dynamodb,growth,sweep-many}.test.ts",
  "test/finch/limits-kept.test.ts",
  "test/local/revoke-all.test.ts",
  "test/unit/budget/simulation.test.ts",
  "test/unit/connection/sweep-many.test.ts",
  "test/unit/functions/{webhook-forgery,state-forgery}.test.ts",
  "test/unit/http/endpoint-junk.test.ts",
  "test/unit/openapi/generate.test.ts",
  "test/unit/roster/limits.test.ts",
];
const leftOut = process.env[suiteVariable] === "check" ? thorough : [];

/** Tests that need nothing that is deployed. */
const brisk = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } };

/**
 * Tests with a deployed stack (`test/support/stack.ts`) wait for functions that start cold, and for each other: half a minute
 * in all, and on a machine that is slow, or busy with something else, several times as long.
 */
const patient = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{unit,finch,local,generate,web/logic}/**/*.test.ts"],
          exclude: [lifeCycle, ...leftOut],
          isolate: false,
          // Milliseconds each, unless something else has the machine.
          ...brisk,
        },
      },
      // The built page in a real browser, which takes as long as the machine lets it.
      { test: { name: "web", include: ["test/web/*.test.ts"], ...patient } },
      // Thousands of short runs on fakes.
      { test: { name: "faults", include: ["test/{faults,interleavings,model}/**/*.test.ts"], testTimeout: 240_000 } },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          exclude: [...processes, ...leftOut],
          isolate: false,
          ...brisk,
        },
      },
      { test: { name: "processes", include: processes, ...brisk } },
      // The CDK takes some seconds to load: once, when the files share their modules.
      {
        test: {
          name: "cdk",
          include: ["test/cdk/**/*.test.ts"],
          exclude: leftOut,
          isolate: false,
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: "journey",
          include: ["test/{journey,security}/**/*.test.ts", lifeCycle],
          globalSetup: ["test/support/lift-limits.ts"],
          ...patient,
        },
      },
      { test: { name: "nightly", include: ["test/nightly/**/*.test.ts"], testTimeout: 900_000, hookTimeout: 180_000 } },
    ],
  },
});
