import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../local/stack/places.ts";

const wanted = join(import.meta.dirname, "tools");

/**
 * Installs Stryker's instrumenter where it is not yet, and returns its module. Nobody needs its packages but for this: they
 * stay out of the project's `node_modules`.
 */
export const installTools = async (): Promise<string> => {
  const hash = createHash("sha256")
    .update(readFileSync(join(wanted, "package-lock.json")))
    .digest("hex");
  const folder = join(sharedFolder, `mutation/tools-${hash.slice(0, 12)}`);
  const program = join(folder, "node_modules/@stryker-mutator/instrumenter/dist/src/index.js");
  const finished = join(folder, "node_modules/.package-lock.json");
  if (existsSync(program) && existsSync(finished)) return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(wanted, folder, { recursive: true });
  const npm = spawn("npm", ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve, reject) => npm.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`npm could not install ${wanted}`);
  return program;
};
