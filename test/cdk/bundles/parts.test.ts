import { expect, it } from "vitest";
import { describeGrowth, readBundles } from "./parts.ts";

const file = (bytes: number, ...paths: string[]) => ({
  bytes,
  imports: paths.map((path) => ({ path, kind: "import-statement" as const })),
});
const included = (bytesInOutput: number) => ({ bytesInOutput });

const bundles = readBundles({
  inputs: {
    "functions/list/index.ts": file(1, "shared/store.ts"),
    "shared/store.ts": file(1, "node_modules/@a/client/index.js"),
    "node_modules/@a/client/index.js": file(1, "node_modules/@a/client/more.js", "node_modules/parser/index.js"),
    "node_modules/@a/client/more.js": file(1),
    "node_modules/parser/index.js": file(1),
  },
  outputs: {
    "out/list/index.js": {
      ...{ bytes: 10_000, imports: [], exports: [], entryPoint: "functions/list/index.ts" },
      inputs: {
        "functions/list/index.ts": included(600),
        "shared/store.ts": included(2_000),
        "node_modules/@a/client/index.js": included(3_000),
        "node_modules/@a/client/more.js": included(1_000),
        "node_modules/parser/index.js": included(9_000),
      },
    },
  },
});
const list = bundles.get("list");
if (list === undefined) throw new Error("the function is not found");

it("a bundle is made of packages and of files of its own", () => {
  expect(list.parts).toEqual({
    "functions/list/index.ts": 600,
    "shared/store.ts": 2_000,
    "@a/client": 4_000,
    parser: 9_000,
  });
});

it("what has grown is named with what imports it, the largest first; what has shrunk is not", () => {
  const recorded = { "@a/client": 3_500, "shared/store.ts": 2_100, "functions/list/index.ts": 600 };
  expect(describeGrowth(list, recorded)).toEqual([
    "+9000 bytes: parser, new, imported by shared/store.ts",
    "+500 bytes: @a/client, imported by shared/store.ts",
  ]);
});
