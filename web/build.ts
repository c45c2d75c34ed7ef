import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";

/** What the browser loads, by hashed names. */
export interface BuiltPage {
  /** The names of the script and the style sheet among the files. */
  readonly script: string;
  readonly style: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const folder = import.meta.dirname;

/** Builds the page's script and style sheet, minified, in memory. */
export const buildPage = async (): Promise<BuiltPage> => {
  const options: BuildOptions & { write: false } = {
    entryPoints: { page: join(folder, "main.tsx"), "page-style": join(folder, "page.css") },
    entryNames: "[name]-[hash]",
    outdir: folder,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    // What knows nested style rules and `inert`. Relative colours are asked for by @supports.
    target: ["chrome111", "firefox113", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    // Finch's SDK has a hook for React beside what is used of it.
    alias: { react: "preact/hooks" },
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
  };
  const { outputFiles } = await build(options);
  const files = Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const find = (ending: string): string => {
    const name = Object.keys(files).find((file) => file.endsWith(ending));
    if (name === undefined) throw new Error(`The page has no ${ending}.`);
    return name;
  };
  return { script: find(".js"), style: find(".css"), files };
};
