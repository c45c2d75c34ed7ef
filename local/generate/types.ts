import openapiTypes, { astToString, type OpenAPI3 } from "openapi-typescript";
import type { Document, Json } from "./document.ts";
import { hasProperties, typeName } from "./operation-module.ts";

/**
 * Writes the document's types: each schema by its name, and for each operation its path and query parameters as
 * `<Operation>Path` and `<Operation>Query`. A field with a default is not optional, as validation fills it in.
 */
export const writeTypes = async ({ root, operations }: Document): Promise<string> => {
  const components = root["components"] as { readonly schemas: Json };
  const parameters = operations.flatMap((operation) =>
    (
      [
        [typeName(operation.name, "Path"), operation.pathSchema],
        [typeName(operation.name, "Query"), operation.querySchema],
      ] as const
    ).filter(([, schema]) => hasProperties(schema)),
  );
  const document = {
    openapi: "3.1.0",
    info: root["info"],
    paths: {},
    components: { schemas: { ...components.schemas, ...Object.fromEntries(parameters) } },
  };
  // A document of ours with the generator's own type, which names every keyword.
  const nodes = await openapiTypes(document as unknown as OpenAPI3, {
    immutable: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
    silent: true,
  });
  return astToString(nodes);
};
