import { parseArgs } from "node:util";
import { ok, type Result, refuse } from "#shared/result.ts";
import { parseTokenStore, type TokenStoreName } from "../stack/options.ts";

/** What is asked for: everything, what is quick, or everything and what takes long. */
export const suites = ["test", "check", "nightly"] as const;
/** The environment variable that tells `vitest.config.ts` which suite runs. */
export const suiteVariable = "PERCH_SUITE";

export type Suite = (typeof suites)[number];

/** A project of `vitest.config.ts`. */
export type Project = "unit" | "web" | "faults" | "contract" | "processes" | "cdk" | "journey" | "nightly";

/** What to run. */
export interface TestPlan {
  readonly suite: Suite;
  /** Only test files whose path contains one of these; then nothing but tests runs. */
  readonly filters: readonly string[];
  /** Where random tests begin; drawn anew when it is not given. */
  readonly seed: number;
  /** Tests that need nothing but this machine. */
  readonly alone: readonly Project[];
  /** Tests that need a deployed stack. */
  readonly deployed: readonly Project[];
  /** Where the stack for those keeps tokens. */
  readonly tokenStore: TokenStoreName;
  /** Tests that take long: those that need a deployed stack have one of their own each. */
  readonly long: readonly Project[];
}

/** Reads the arguments of `npm test`, `npm run check` and `npm run nightly`; a wrong one is refused with a sentence. */
export const parseTestPlan = (args: readonly string[], drawSeed: () => number): Result<TestPlan, string> => {
  const [suiteName, ...rest] = args;
  const suite = suites.find((known) => known === suiteName);
  if (suite === undefined) return refuse(`Which suite? One of: ${suites.join(", ")}.`);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { seed: { type: "string" }, "token-store": { type: "string" } },
      allowPositionals: true,
    });
    const seed = values.seed === undefined ? drawSeed() : Number(values.seed);
    if (!Number.isInteger(seed)) return refuse(`--seed ${values.seed} is no whole number.`);
    const tokenStore = parseTokenStore(values["token-store"]);
    if (!tokenStore.ok) return tokenStore;
    return ok({
      suite,
      filters: positionals,
      seed,
      alone: aloneOf(suite),
      deployed: suite === "check" ? [] : ["journey"],
      tokenStore: tokenStore.value,
      long: suite === "nightly" ? ["nightly"] : [],
    });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    return refuse(`${reason}. Arguments are parts of test files' paths, --seed N and --token-store NAME.`);
  }
};

/** What is quick leaves out the faults, which go through thousands of runs, callers in processes of their own, and a browser. */
const aloneOf = (suite: Suite): readonly Project[] =>
  suite === "check" ? ["unit", "contract", "cdk"] : ["unit", "web", "faults", "contract", "processes", "cdk"];
