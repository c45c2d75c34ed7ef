import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Test files that take half a minute and more, most of it waiting: for what is slow on purpose, for a stack of their own, or
 * for a browser. They begin first, so that nothing waits for one of them in the end.
 */
const long = [
  "security/secrets",
  "local/life-cycle",
  "security/every-route",
  "journey/delete-customer",
  "journey/slow-exchange",
  "journey/finch-sdk",
  "journey/page-in-browser",
  "journey/racing-claims",
  "security/finch-webhook",
];

/** Where a file stands among the long ones; behind them when it is none. */
const placeOf = ({ moduleId }: TestSpecification): number => {
  const at = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at === -1 ? long.length : at;
};

/** The long files first, the rest as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
