/** What the CDK gives the functions of rosters on a stage for production. */
import { resourcesOf, synthesise } from "../../cdk/support.ts";

export interface Given {
  readonly name: string;
  readonly megabytes: number;
  readonly seconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Lambda's most of each. */
export const [mostMegabytes, mostSeconds] = [10_240, 900];
/** Lambda gives a whole processor from so much memory on (AWS Lambda's guide, "Configure Lambda function memory"). */
const wholeProcessorMegabytes = 1_769;

/** Reads it from the templates. @throws Error when there is no such function. */
export const givenTo = (name: string): Given => {
  const functions = resourcesOf(synthesise("production"), "AWS::Lambda::Function");
  const made = [...functions.values()].find(
    ({ properties }) => properties["FunctionName"] === `perch-production-${name}`,
  );
  const { MemorySize: megabytes, Timeout: seconds, Environment: environment } = made?.properties ?? {};
  if (typeof megabytes !== "number" || typeof seconds !== "number") throw new Error(`there is no function ${name}`);
  return { name, megabytes, seconds, environment: Object(environment).Variables };
};

/** In words. */
export const describeGiven = ({ name, megabytes, seconds }: Given): string =>
  `${name} has ${megabytes} MB and ${seconds} s`;

/**
 * Node's options by which Lambda's runtime keeps it within a function's memory: a tenth is for what is young, in semi-spaces
 * of half of that, of which V8 has up to three.
 */
export const heapOptions = (megabytes: number): readonly string[] => {
  const young = Math.floor(megabytes / 10);
  return [`--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${megabytes - young}`];
};
/** What is left of a function's memory, at worst, for what is not young. */
export const shareOfOld = 0.85;

/** How long so much CPU takes on the part of a processor that comes with a function's memory. */
export const onItsPart = (seconds: number, { megabytes }: Given): number =>
  seconds / Math.min(1, megabytes / wholeProcessorMegabytes);
