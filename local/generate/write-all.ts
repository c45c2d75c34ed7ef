import { readDocument } from "./document.ts";
import { lengthHelper, writeDefaultModule, writeOperationModule } from "./operation-module.ts";
import { writePageModule } from "./page-module.ts";
import { writeTypes } from "./types.ts";

/** Everything that is generated, from the document and from the connections page: relative file names and their text. */
export const writeAll = async (yaml: string): Promise<Readonly<Record<string, string>>> => {
  const document = readDocument(yaml);
  const { root, operations, defaultFunction } = document;
  const modules = [
    ...operations.map((operation) => [operation.name, writeOperationModule(operation)] as const),
    [defaultFunction, writeDefaultModule(defaultFunction)] as const,
  ];
  const names = modules.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`operationId: ${twice} names two operations`);

  const routes = [
    ...operations.map(({ route, functionName, scopes }) => ({ ...route, function: functionName, scopes })),
    { method: "ANY", path: "$default", function: defaultFunction, scopes: [] },
  ];
  const page = await writePageModule();
  return {
    "page-files.js": page.js,
    "page-files.d.ts": page.dts,
    "openapi.json": `${JSON.stringify(root, undefined, 2)}\n`,
    "openapi-document.js": `export const openApiDocument = ${JSON.stringify(JSON.stringify(root))};\n`,
    "openapi-document.d.ts": `/** The OpenAPI document as JSON. */\nexport declare const openApiDocument: string;\n`,
    "openapi.ts": await writeTypes(document),
    "routes.json": `${JSON.stringify(routes, undefined, 2)}\n`,
    "operations/length.js": lengthHelper,
    ...Object.fromEntries(
      modules.flatMap(([name, { js, dts }]) => [
        [`operations/${name}.js`, js],
        [`operations/${name}.d.ts`, dts],
      ]),
    ),
  };
};
