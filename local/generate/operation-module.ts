import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import type { Operation } from "../../shared/http/operation.ts";
import type { DocumentedOperation, Json } from "./document.ts";

/** A generated module: what runs, and its types. */
export interface GeneratedModule {
  readonly js: string;
  readonly dts: string;
}

/** The helper that compiled validators import: the length of a text in characters, as JSON Schema counts it. */
export const lengthHelper = `export const lengthOf = (text) => {
  let length = 0;
  for (const _ of text) length++;
  return length;
};
`;

/** Writes the module of one operation: its validator and its constants, and nothing of any other operation. */
export const writeOperationModule = (operation: DocumentedOperation): GeneratedModule => {
  const { pathSchema, querySchema } = operation;
  // What is taken as it came is not looked into.
  const body = operation.body === "raw" ? undefined : operation.body;
  const schema = {
    type: "object",
    required: ["path", "query", ...(body ? ["body"] : [])],
    properties: { path: pathSchema, query: querySchema, ...(body && { body: body.schema }) },
  };
  return {
    js: [
      ...compile(schema),
      ...constants(operation, {
        body: operation.body === "raw" ? "raw" : body === undefined ? "none" : body.required ? "json" : "optional",
        integers: namesOf(querySchema, "integer"),
        booleans: namesOf(querySchema, "boolean"),
        hints: hintsOf(schema),
      }),
    ].join("\n"),
    dts: declare(
      hasProperties(pathSchema) ? typeName(operation.name, "Path") : undefined,
      hasProperties(querySchema) ? typeName(operation.name, "Query") : undefined,
      operation.body === "raw" ? "raw" : body?.typeName,
    ),
  };
};

/** Writes the module of the function that answers what no path matches: it reads nothing of the request. */
export const writeDefaultModule = (functionName: string): GeneratedModule => ({
  js: [
    "const validate = () => true;",
    ...constants(
      { name: functionName, method: "ANY", path: "$default", bodyLimit: Number.MAX_SAFE_INTEGER, answers: "problem" },
      { body: "ignored", integers: [], booleans: [], hints: {} },
    ),
  ].join("\n"),
  dts: declare(undefined, undefined, undefined),
});

/** The name of the type of an operation's path or query parameters. */
export const typeName = (operationName: string, part: "Path" | "Query"): string =>
  operationName.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()) + part;

/** True when an object schema declares something. */
export const hasProperties = (schema: Json): boolean => Object.keys(schema["properties"] ?? {}).length > 0;

const compile = (schema: Json): string[] => {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    useDefaults: true,
    messages: false,
    code: { source: true, esm: true, lines: true },
    // A pattern decides about identifiers, so that there is one error and not two; formats beside it only describe.
    formats: { email: fullFormats.email, uuid: true, uri: true, "date-time": true },
  });
  const code = (standalone as unknown as { default: typeof standalone.default }).default(
    ajv,
    ajv.compile(forValidation(schema)),
  );
  const own = code
    .replace('"use strict";', "")
    .replace(/export const validate = \w+;?/, "")
    .replace(/export default (\w+);?/, "const validate = $1;")
    .replace(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, "lengthOf");
  if (/\brequire\(/.test(own))
    throw new Error(`a validator needs a run-time helper: ${/require\(.*?\)/.exec(own)?.[0]}`);
  return [...(own.includes("lengthOf") ? ['import { lengthOf } from "./length.js";'] : []), own];
};

/** The schema without what only describes; strict compilation refuses keywords that it does not know. */
const forValidation = (schema: Json): Json => strip(schema, false) as Json;

const strip = (value: unknown, areNames: boolean): unknown => {
  if (Array.isArray(value)) return value.map((element) => strip(element, false));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Under `properties` the keys are names of fields, of which one may be called description.
      .filter(([key]) => areNames || !(key.startsWith("x-") || ["description", "examples", "example"].includes(key)))
      .map(([key, part]) => [
        key,
        key === "default" && !areNames ? part : strip(part, key === "properties" && !areNames),
      ]),
  );
};

const namesOf = (querySchema: Json, type: string): string[] =>
  Object.entries(querySchema["properties"] as Record<string, Json>)
    .filter(([, schema]) => schema["type"] === type)
    .map(([name]) => name);

/** What to say of a pattern, by the pattern; of a choice, by the place of its `oneOf` as validators report it. */
const hintsOf = (value: unknown, place = "#"): Record<string, string> => {
  if (typeof value !== "object" || value === null) return {};
  const { pattern, oneOf, "x-perch-says": says } = value as Json;
  const own =
    typeof says !== "string"
      ? {}
      : typeof pattern === "string"
        ? { [pattern]: says }
        : oneOf !== undefined
          ? { [`${place}/oneOf`]: says }
          : {};
  return Object.assign(own, ...Object.entries(value).map(([key, part]) => hintsOf(part, `${place}/${key}`)));
};

type Constants = Pick<DocumentedOperation, "name" | "method" | "path" | "bodyLimit" | "answers">;

const constants = (
  { name, method, path, bodyLimit, answers }: Constants,
  more: Pick<Operation<unknown, unknown, unknown>, "body" | "integers" | "booleans" | "hints">,
): string[] => {
  const refuse =
    answers === "page"
      ? { name: "refuseWithPage", from: "#shared/http/page-refusal.ts" }
      : { name: "refuseWithProblem", from: "#shared/http/problem.ts" };
  const literal = JSON.stringify({ name, method, path, bodyLimit, ...more }, undefined, 2);
  return [
    `import { ${refuse.name} } from "${refuse.from}";`,
    `export const operation = Object.freeze({`,
    `  ...${literal},`,
    `  validate,`,
    `  refuse: ${refuse.name},`,
    `});`,
    ``,
  ];
};

const declare = (path: string | undefined, query: string | undefined, body: string | undefined): string => {
  const types = [path, query, body].filter((name) => name !== undefined && name !== "raw").toSorted();
  return [
    `import type { Operation } from "#shared/http/operation.ts";`,
    ...(types.length > 0 ? [`import type { ${types.join(", ")} } from "../openapi.ts";`] : []),
    ``,
    `export declare const operation: Operation<${path ?? "object"}, ${query ?? "object"}, ${body === "raw" ? "Uint8Array" : (body ?? "undefined")}>;`,
    ``,
  ].join("\n");
};
