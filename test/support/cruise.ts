import { execFile } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..");

/** The rules of which way imports may point. */
export const boundariesFile = ".dependency-cruiser.cjs";

/** What dependency-cruiser found. */
export interface Cruise {
  readonly totalCruised: number;
  readonly violations: readonly {
    readonly from: string;
    readonly to: string;
    readonly rule: { readonly name: string };
  }[];
}

const folders = ["cdk", "functions", "shared", "local", "test", "web"];

/** Follows all imports of a tree that is laid out as this one. */
export const cruise = (cwd: string): Promise<Cruise> =>
  new Promise((resolve, reject) => {
    const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
    const args = [program, "--config", boundariesFile, "--output-type", "json", ...folders];
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      // It ends with the number of violations.
      if (stdout === "") reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout).summary);
    });
  });
