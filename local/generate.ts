/**
 * Writes `.generated/` from `docs/openapi.yaml` and `web/`: `node local/generate.ts`. Does nothing when nothing has changed.
 *
 * | file | for |
 * |---|---|
 * | `openapi.json` | tools, tests |
 * | `openapi-document.js` | the function that serves the document |
 * | `openapi.ts` | types |
 * | `operations/<operation>.js` | the operation's function: its validator and its constants |
 * | `routes.json` | the gateway |
 * | `page-files.js` | the function that serves the connections page |
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const here = import.meta.dirname;
const projectRoot = join(here, "..");

/** What to read and where to write, both by default in this project. */
export interface GenerateOptions {
  readonly documentFile?: string;
  readonly outputFolder?: string;
}

/** Generates what is not up to date. @returns whether anything was written. @throws Error about the document. */
export const generate = async ({
  documentFile = join(projectRoot, "docs", "openapi.yaml"),
  outputFolder = join(projectRoot, ".generated"),
}: GenerateOptions = {}): Promise<boolean> => {
  const yaml = readFileSync(documentFile, "utf8");
  const stampFile = join(outputFolder, "openapi.stamp");
  const stamp = createHash("sha256")
    .update([yaml, ...generatorFiles().map((file) => readFileSync(file, "utf8"))].join("\0"))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;

  // Compilers are loaded only when there is something to compile: an unchanged document costs a few milliseconds.
  const { writeAll } = await import("./generate/write-all.ts");
  const files = await writeAll(yaml);
  rmSync(stampFile, { force: true });
  for (const [name, text] of Object.entries(files)) replace(join(outputFolder, name), text);
  removeOthers(join(outputFolder, "operations"), Object.keys(files));
  replace(stampFile, stamp);
  return true;
};

/** All that decides about the output beside the document; the lock file stands for the compilers. */
const generatorFiles = (): string[] => [
  import.meta.filename,
  ...filesIn(join(here, "generate")),
  ...filesIn(join(projectRoot, "web")),
  join(projectRoot, "package-lock.json"),
];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** Writes beside and renames, so that a reader at the same moment sees a whole file. */
const replace = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
};

/** Removes operations that the document no longer has. */
const removeOthers = (folder: string, kept: readonly string[]): void => {
  for (const name of readdirSync(folder)) {
    if (!kept.includes(`operations/${name}`) && !name.endsWith(".tmp")) rmSync(join(folder, name));
  }
};

if (import.meta.main) {
  const started = performance.now();
  const written = await generate();
  console.log(written ? `generated in ${Math.round(performance.now() - started)} ms` : "nothing changed");
}
