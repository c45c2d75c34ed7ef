import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { leanSdk } from "./lean-sdk.ts";

const root = join(import.meta.dirname, "..");

/** The names of all functions: one folder under `functions/` is one Lambda. */
export const functionNames = (): string[] =>
  readdirSync(join(root, "functions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

/** What was bundled. */
export interface Bundles {
  /** Holds `<function>/index.js` for each. */
  readonly folder: string;
  /** What each bundle is made of, by esbuild. */
  readonly metafile: Metafile;
}

/**
 * Bundles every function in one esbuild run. The bundles are the same on each stage: the token store is read from the
 * environment.
 *
 * CommonJS without dynamic imports keeps undici from being loaded at start (an ESM import of `node:http` evaluates its
 * lazy getters), `module` before `main` keeps one copy of the SDK's parts, and `lean-sdk.ts` leaves out what no function
 * reaches: `docs/adr/0010`.
 */
export const bundleFunctions = async (folder = join(root, ".generated", "bundles")): Promise<Bundles> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: functionNames().map((name) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` })),
    outdir: folder,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    supported: { "dynamic-import": false },
    plugins: [leanSdk],
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  return { folder, metafile };
};
