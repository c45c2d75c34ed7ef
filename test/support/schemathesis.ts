/** Has Schemathesis make requests up from the OpenAPI document, and reads what it sent and what came back. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipEnvironment } from "../../local/stack/environments.ts";
import { fuzzHooks } from "../../local/stack/places.ts";

/** One run of it. */
export interface FuzzRun {
  /** Names its files in `folder`. */
  readonly name: string;
  readonly folder: string;
  /** The Python that has its packages. */
  readonly python: string;
  readonly document: string;
  readonly apiUrl: string;
  /** Requests of the fuzzing phase for each operation; those of the other phases follow from the document. */
  readonly examples: number;
  readonly seed: number;
  /** The file of `FuzzedIds`. */
  readonly ids: string;
  /** Sent with every request; none when left out. */
  readonly authorization?: string;
  /** More arguments, such as a choice of operations. */
  readonly more?: readonly string[];
}

/** A request that was made up, and what it was answered with. */
export interface FuzzCase {
  readonly method: string;
  /** As it was sent, the query included. */
  readonly target: string;
  /** `positive` where all of it matches the document. */
  readonly mode: "positive" | "negative";
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What Schemathesis itself finds wrong. */
  readonly failures: readonly string[];
}

/** What came of a run. */
export interface FuzzReport {
  readonly cases: readonly FuzzCase[];
  /** What was not answered at all, or went wrong in the tool itself. */
  readonly errors: readonly string[];
}

/**
 * Checks of its own that do not fit: a cursor, a `state` and an origin are refused for what no schema says (judged by
 * `judgeFuzzCase` instead); an unknown method is a path that the gateway does not know, so 404 and not 405; a deletion is a
 * promise, so what was deleted may still be read.
 */
const notChecked = "positive_data_acceptance,unsupported_method,use_after_free,ensure_resource_availability";

/** Runs it to its end. @throws Error with what it said, when it has left no report. */
export const runSchemathesis = async (run: FuzzRun): Promise<FuzzReport> => {
  const report = join(run.folder, `${run.name}.ndjson`);
  const args = [
    ...["-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"],
    ...["run", run.document, "--url", run.apiUrl],
    ...["--mode", "all", "--phases", "examples,coverage,fuzzing", "--max-examples", String(run.examples)],
    ...["--seed", String(run.seed), "--generation-database", "none", "--no-shrink", "--continue-on-failure"],
    // In one thread: the parser of some versions of Python is not safe in several.
    ...["--workers", "1", "--request-timeout", "45", "--max-redirects", "0", "--suppress-health-check", "all"],
    ...["--checks", "all", "--exclude-checks", notChecked, "--warnings", "off", "--no-color"],
    ...["--report", "ndjson", "--report-ndjson-path", report, "--output-sanitize", "false"],
    ...(run.authorization === undefined ? [] : ["-H", `Authorization: ${run.authorization}`]),
    ...(run.more ?? []),
  ];
  const mine = { PERCH_FUZZ_IDS: run.ids, SCHEMATHESIS_HOOKS: fuzzHooks, PYTHONDONTWRITEBYTECODE: "1" };
  const env = { ...pipEnvironment(), ...mine };
  const said = await new Promise<string>((resolve) => {
    // It ends with a code of its own when it finds something; the report tells.
    execFile(run.python, args, { cwd: run.folder, env, maxBuffer: 2 ** 28 }, (error, output, told) =>
      resolve(`${error?.message ?? ""}\n${output.slice(-2_000)}\n${told.slice(-2_000)}`),
    );
  });
  try {
    return await readReport(report);
  } catch (error) {
    throw new Error(`Schemathesis left no report of ${run.name}: ${error}\n${said}`);
  }
};

interface Recorded {
  readonly cases?: Readonly<Record<string, { readonly value: { readonly meta?: Meta } }>>;
  readonly checks?: Readonly<Record<string, readonly Check[]>>;
  readonly interactions?: Readonly<Record<string, Interaction>>;
}

interface Meta {
  readonly generation: { readonly mode: FuzzCase["mode"] };
}

interface Check {
  readonly name: string;
  readonly status: string;
  readonly failure_info?: { readonly failure: { readonly title: string; readonly message: string } };
}

interface Interaction {
  readonly request: { readonly method: string; readonly uri: string };
  readonly response?: {
    readonly status_code: number;
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly content?: { readonly $base64: string } | null;
  };
}

const readReport = async (file: string): Promise<FuzzReport> => {
  const cases: FuzzCase[] = [];
  const errors: string[] = [];
  let isWhole = false;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const { ScenarioFinished: scenario, NonFatalError, FatalError, EngineFinished } = JSON.parse(line);
    for (const error of [NonFatalError, FatalError]) if (error !== undefined) errors.push(JSON.stringify(error));
    if (EngineFinished !== undefined) isWhole = true;
    const { interactions = {}, ...told }: Recorded = scenario?.recorder ?? {};
    for (const [id, interaction] of Object.entries(interactions)) {
      const { request, response } = interaction;
      const target = request.uri.replace(/^https?:\/\/[^/?]*/, "");
      if (response === undefined) errors.push(`${request.method} ${target} was not answered`);
      else cases.push(toCase(request.method, target, response, id, told));
    }
  }
  if (!isWhole) errors.push("the run did not come to its end");
  return { cases, errors };
};

const toCase = (
  method: string,
  target: string,
  { status_code: status, headers, content }: NonNullable<Interaction["response"]>,
  id: string,
  { cases = {}, checks = {} }: Recorded,
): FuzzCase => ({
  ...{ method, target, status },
  // What the tool sends besides, to see what happens without a token, has no case.
  mode: cases[id]?.value.meta?.generation.mode ?? "negative",
  headers: new Headers(
    Object.entries(headers).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  ),
  text: Buffer.from(content?.$base64 ?? "", "base64").toString(),
  failures: (checks[id] ?? [])
    .filter((check) => check.status === "failure")
    .map(({ name, failure_info: info }) => `${name}: ${info?.failure.title} ${info?.failure.message}`),
});
