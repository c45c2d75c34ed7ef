import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "..", "..");

/** What every local stack of this clone shares: tools, never state. */
export const sharedFolder = join(root, ".local");

/** The emulator's program and the exact packages that it needs. */
export const emulatorProgram = join(root, "local/emulator/emulator.py");
export const emulatorRequirements = join(root, "local/emulator/requirements.txt");

/** Where V8 keeps compiled code between runs; the CDK loads in half the time with it. */
export const compileCache = join(sharedFolder, "compile-cache");

/** The exact packages of the program that holds templates to AWS's rules. */
export const lintRequirements = join(root, "local/cfn-lint/requirements.txt");

/** The exact packages of the program that makes requests up from the OpenAPI document, and what leads them. */
export const fuzzRequirements = join(root, "local/schemathesis/requirements.txt");
export const fuzzHooks = join(root, "local/schemathesis/hooks.py");

/** The Python environment for exactly these requirements. */
export const pythonEnvironment = (requirements: string): string => {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  return join(sharedFolder, `python-${hash.slice(0, 12)}`);
};

/**
 * The emulator's state is of one emulator: with other corrections, what an earlier one deployed need not be what this one
 * would, and the next start begins anew.
 */
const emulatorVersion = (): string => {
  const digest = createHash("sha256");
  const folder = dirname(emulatorProgram);
  for (const name of readdirSync(folder).toSorted()) {
    if (/\.(py|txt)$/.test(name)) digest.update(readFileSync(join(folder, name)));
  }
  return digest.digest("hex").slice(0, 12);
};

/** Where one local stack keeps its things. Two stacks with two folders do not touch each other. */
export interface Places {
  readonly folder: string;
  /** What runs: see `run-record.ts`. */
  readonly record: string;
  /** What a client needs to know, for its owner's eyes only. */
  readonly outputs: string;
  /** The ports that the emulator and Finch had last. */
  readonly ports: string;
  readonly logs: string;
  /** The synthesised CDK app. */
  readonly assembly: string;
  /** Everything that survives a stop. */
  readonly state: string;
  /** The emulator's state, one file for each service. */
  readonly emulatorState: string;
  readonly bucketState: string;
  readonly finchState: string;
  readonly finchCredentials: string;
  /** The state as it was at the last good start. */
  readonly saved: string;
  /** A folder without `cdk.json`, in which the CDK's program finds no app to synthesise. */
  readonly nowhere: string;
}

/** The places of the stack that lives in this folder. */
export const createPlaces = (folder: string): Places => {
  const state = join(folder, "state");
  return {
    folder,
    record: join(folder, "run.json"),
    outputs: join(folder, "outputs.json"),
    ports: join(folder, "ports.json"),
    logs: join(folder, "logs"),
    assembly: join(folder, "cdk.out"),
    state,
    emulatorState: join(state, `emulator-${emulatorVersion()}`),
    bucketState: join(state, "buckets"),
    finchState: join(state, "finch.json"),
    finchCredentials: join(state, "finch-credentials.json"),
    saved: join(state, "saved"),
    nowhere: join(folder, "nowhere"),
  };
};
