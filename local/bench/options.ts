import { parseArgs } from "node:util";
import { ok, type Result, refuse } from "#shared/result.ts";
import type { Measurement } from "./measurement.ts";

/** How `npm run bench` was asked to measure. */
export interface BenchOptions {
  readonly help: boolean;
  /** Prints JSON, and progress beside it. */
  readonly json: boolean;
  /** How many samples are taken of each measurement. */
  readonly rounds: number;
  readonly chosen: readonly Measurement[];
}

export const benchHelp = `npm run bench                   measures with a stack of its own; or with the one that PERCH_OUTPUTS names
npm run bench -- --json         prints JSON; "npm run -s bench -- --json" prints nothing else
npm run bench -- --rounds N     takes N samples of each instead of 10
npm run bench -- webhook sweep  only what has one of these in its name, beside the API call that they are compared with
npm run bench -- revoke         what takes minutes is measured only when it is named, and once
npm run bench -- --all          everything, what takes minutes too`;

const mostRounds = 200;

/** Reads the arguments; a wrong one is refused with a sentence. */
export const parseBenchOptions = (
  args: readonly string[],
  known: readonly Measurement[],
  baseline: Measurement,
): Result<BenchOptions, string> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        json: { type: "boolean" },
        all: { type: "boolean" },
        rounds: { type: "string", default: "10" },
      },
      allowPositionals: true,
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > mostRounds) {
      return refuse(`--rounds ${values.rounds} is no number of rounds: give one from 1 to ${mostRounds}.`);
    }
    const unknown = positionals.find((part) => !known.some(({ name }) => name.includes(part)));
    if (unknown !== undefined) {
      return refuse(`No measurement is called ${unknown}: there are ${known.map(({ name }) => name).join(", ")}.`);
    }
    const isChosen = ({ name }: Measurement) => positionals.some((part) => name.includes(part));
    const asked = known.filter((each) =>
      values.all ? true : positionals.length === 0 ? each.isLong !== true : isChosen(each),
    );
    // What needs no stack is compared with nothing on one.
    const needsStack = asked.some(({ kind }) => kind !== "local");
    const chosen = known.filter((each) => asked.includes(each) || (needsStack && each === baseline));
    return ok({ help: values.help ?? false, json: values.json ?? false, rounds, chosen });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    return refuse(`${reason}.\n\n${benchHelp}`);
  }
};
