import { parseArgs } from "node:util";
import { ok, type Result, refuse } from "#shared/result.ts";

/** How `npm run reconcile` was asked to reconcile. */
export interface ReconcileFileOptions {
  readonly input: string;
  readonly output: string;
  /** Writes whole employees, with merged fields, evidence and conflicts. */
  readonly full: boolean;
}

export const reconcileHelp = `npm run reconcile -- IN.json OUT.json    finds which records are one employee's

IN.json holds [{"connection_id", "individual", "employment"}, …], as Finch answers them; .gz is unpacked.
OUT.json gets {"employees": [{"employee_id", "sources": [{"connection_id", "individual_id"}]}],
               "possible_matches": [{"a", "b", "confidence", "why"}]}.

  --full    writes each employee's merged fields, confidence, evidence and conflicts, too: personal data

SSNs, whole or masked, are turned into marks under a key of this run as they are read; none is written.

Ends with 0 when it is done, 1 when it could not be done, 2 when it was asked for something else.`;

/** Reads the arguments; a wrong one is refused with a sentence. `undefined` asks for the help. */
export const parseReconcileOptions = (args: readonly string[]): Result<ReconcileFileOptions | undefined, string> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: "boolean", short: "h" }, full: { type: "boolean" } },
      allowPositionals: true,
    });
    if (values.help) return ok(undefined);
    const [input, output, ...more] = positionals;
    if (input === undefined || output === undefined || more.length > 0) {
      return refuse('Name one file to read and one to write. See "npm run reconcile -- --help".');
    }
    return ok({ input, output, full: values.full ?? false });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    return refuse(`${reason}. See "npm run reconcile -- --help".`);
  }
};
