import { parse } from "yaml";

/** A JSON Schema or any other object of the document, not looked into further. */
export type Json = { readonly [key: string]: unknown };

/** One operation, as the generator needs it: its references resolved. */
export interface DocumentedOperation {
  readonly name: string;
  readonly functionName: string;
  readonly method: string;
  readonly path: string;
  /** What the gateway routes to it, if that is not its method and path. */
  readonly route: { readonly method: string; readonly path: string };
  readonly scopes: readonly string[];
  readonly bodyLimit: number;
  readonly answers: "problem" | "page";
  readonly pathSchema: Json;
  readonly querySchema: Json;
  /** Undefined when the operation takes no body; `raw` where it takes the bytes as they came. */
  readonly body: { readonly schema: Json; readonly typeName: string; readonly required: boolean } | "raw" | undefined;
}

/** The document and what was read from it. */
export interface Document {
  readonly root: Json;
  readonly operations: readonly DocumentedOperation[];
  readonly defaultFunction: string;
}

const methods = ["get", "put", "post", "patch", "delete"];
const usualBodyLimit = 65_536;

/** Reads the OpenAPI document. @throws Error that names what is missing in it. */
export const readDocument = (yaml: string): Document => {
  const root = parse(yaml) as Json;
  checkReferences(root, root);
  const operations = Object.entries(object(root["paths"])).flatMap(([path, item]) =>
    Object.entries(object(item))
      .filter(([method]) => methods.includes(method))
      // Where one function answers whatever comes, it is compiled once, as the first of its operations.
      .slice(0, object(item)["x-perch-any"] === undefined ? methods.length : 1)
      .map(([method, operation]) => readOperation(root, path, method, object(item), object(operation))),
  );
  return { root, operations, defaultFunction: text(root["x-perch-default-function"], "x-perch-default-function") };
};

/** Also those in replies, which nothing else here follows. */
const checkReferences = (root: Json, value: unknown): void => {
  if (typeof value !== "object" || value === null) return;
  if ("$ref" in value) resolve(root, value);
  for (const part of Object.values(value)) checkReferences(root, part);
};

const readOperation = (root: Json, path: string, method: string, item: Json, operation: Json): DocumentedOperation => {
  const place = `${method.toUpperCase()} ${path}`;
  const parameters = [...list(item["parameters"]), ...list(operation["parameters"])].map((it) => resolve(root, it));
  const isRaw = operation["x-perch-body"] === "raw";
  const bodySchema = isRaw ? undefined : findBodySchema(operation, place);
  return {
    name: text(operation["operationId"], `${place}: operationId`),
    functionName: text(operation["x-perch-function"], `${place}: x-perch-function`),
    method: method.toUpperCase(),
    path,
    route: readRoute(item["x-perch-any"], method.toUpperCase(), path),
    scopes: readScopes(operation, place),
    bodyLimit: Number(operation["x-perch-body-limit"] ?? usualBodyLimit),
    answers: operation["x-perch-answers"] === "page" ? "page" : "problem",
    pathSchema: parametersSchema(root, parameters, "path", false),
    querySchema: parametersSchema(root, parameters, "query", operation["x-perch-unknown-query"] !== "ignored"),
    body: isRaw
      ? "raw"
      : bodySchema && {
          schema: inline(root, bodySchema),
          typeName: refName(bodySchema, place),
          required: object(operation["requestBody"])["required"] === true,
        },
  };
};

const readRoute = (any: unknown, method: string, path: string): DocumentedOperation["route"] =>
  any === undefined ? { method, path } : { method: "ANY", path: text(any, `${path}: x-perch-any`) };

const readScopes = (operation: Json, place: string): string[] => {
  // No default: an operation that forgot its security must not become public by that.
  if (!Array.isArray(operation["security"])) throw new Error(`${place}: security is missing`);
  return operation["security"].flatMap((requirement) => list(object(requirement)["oauth2"])).map(String);
};

const findBodySchema = (operation: Json, place: string): Json | undefined => {
  if (operation["requestBody"] === undefined) return undefined;
  const content = object(object(operation["requestBody"])["content"]);
  if (content["application/json"] === undefined) throw new Error(`${place}: the body must be application/json`);
  return object(object(content["application/json"])["schema"]);
};

const parametersSchema = (root: Json, parameters: readonly Json[], where: string, strict: boolean): Json => {
  const own = parameters.filter((parameter) => parameter["in"] === where);
  const named = own.map((parameter) => [text(parameter["name"], "parameter name"), parameter] as const);
  return {
    type: "object",
    properties: Object.fromEntries(
      named.map(([name, parameter]) => [
        name,
        { ...inline(root, object(parameter["schema"])), description: parameter["description"] },
      ]),
    ),
    required: named.filter(([, parameter]) => parameter["required"] === true).map(([name]) => name),
    ...(strict && { additionalProperties: false }),
  };
};

/** The schema without references. Request schemas are not recursive. */
const inline = (root: Json, schema: Json): Json => inlineValue(root, schema) as Json;

const inlineValue = (root: Json, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((element) => inlineValue(root, element));
  if (typeof value !== "object" || value === null) return value;
  const resolved = resolve(root, value);
  return Object.fromEntries(Object.entries(resolved).map(([key, part]) => [key, inlineValue(root, part)]));
};

/** What `$ref` points to, with the keys beside it on top (OpenAPI 3.1 allows them); other values as they are. */
const resolve = (root: Json, value: unknown): Json => {
  const { $ref, ...beside } = object(value);
  if ($ref === undefined) return beside;
  const target = String($ref)
    .slice("#/".length)
    .split("/")
    .reduce<unknown>((at, key) => object(at)[key], root);
  if (target === undefined) throw new Error(`${String($ref)} does not exist`);
  return { ...resolve(root, target), ...beside };
};

const refName = (schema: Json, place: string): string => {
  const name = /^#\/components\/schemas\/(\w+)$/.exec(String(schema["$ref"]))?.[1];
  if (name === undefined) throw new Error(`${place}: the body must be a $ref to components/schemas`);
  return name;
};

const object = (value: unknown): Json => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("expected an object");
  return value as Json;
};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, what: string): string => {
  if (typeof value !== "string" || value === "") throw new Error(`${what} is missing`);
  return value;
};
