import { gzipSync } from "node:zlib";
import { buildPage } from "../../web/build.ts";
import type { GeneratedModule } from "./operation-module.ts";

/** Builds the connections page, and writes the module that the function which serves it takes it from: compressed, as text. */
export const writePageModule = async (): Promise<GeneratedModule> => {
  const { script, style, files } = await buildPage();
  const compressed = Object.fromEntries(
    Object.entries(files)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, content]) => [name, gzipSync(content, { level: 9 }).toString("base64")]),
  );
  return {
    js: `export const pageFiles = ${JSON.stringify({ script, style, compressed }, undefined, 2)};\n`,
    dts: [
      "/** What the browser loads: the names of its script and its style sheet, and by name each file, gzipped, in base64. */",
      "export declare const pageFiles: {",
      "  readonly script: string;",
      "  readonly style: string;",
      "  readonly compressed: Readonly<Record<string, string>>;",
      "};",
      "",
    ].join("\n"),
  };
};
