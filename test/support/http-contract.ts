/** Holds what the deployed API answers against the OpenAPI document that it is made from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";

interface Schema {
  readonly [keyword: string]: unknown;
}

interface ResponseObject {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}

interface OperationObject {
  readonly operationId: string;
  readonly security: readonly { readonly oauth2: readonly string[] }[];
  readonly requestBody?: object;
  readonly "x-perch-answers"?: "page";
  readonly "x-perch-unknown-query"?: "ignored";
  readonly "x-perch-body-limit"?: number;
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly responses: Readonly<Record<string, ResponseObject>> };
}

/** An operation of the document. */
export interface DocumentedOperation {
  /** `METHOD /path`, the path as the document writes it. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly description: OperationObject;
}

/** A reply whose body has been read. */
export interface ReadReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const file = join(import.meta.dirname, "../../.generated/openapi.json");
const document: Document = JSON.parse(readFileSync(file, "utf8"));

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });
ajv.addSchema(document, "perch");

const methods = ["get", "put", "post", "delete", "patch", "head", "options"];

/** Every operation of the document. */
export const documentedOperations: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(
  ([path, item]) =>
    Object.entries(item)
      .filter(([key]) => methods.includes(key))
      .map(([method, description]) => {
        const upper = method.toUpperCase();
        return { name: `${upper} ${path}`, method: upper, path, description };
      }),
);

/** A path without variables goes before one with, as at the gateway. */
const byFewestVariables = documentedOperations.toSorted((a, b) => a.path.split("{").length - b.path.split("{").length);

const findOperation = (method: string, pathname: string): DocumentedOperation | undefined => {
  const ofPath = byFewestVariables.filter(({ path }) =>
    new RegExp(
      `^${path
        .replaceAll(".", "\\.")
        .replace("{path}", ".+")
        .replace(/\{\w+\}/g, "[^/]+")}$`,
    ).test(pathname),
  );
  // Where one function answers whatever comes, methods that are not described are answered like those that are.
  return (
    ofPath.find((operation) => operation.method === method) ??
    ofPath.find(({ path }) => document.paths[path]?.["x-perch-any"] !== undefined)
  );
};

/** The operation that a request is of, as `METHOD /path`; undefined where the document has none. */
export const nameOperation = (method: string, pathname: string): string | undefined =>
  findOperation(method, pathname)?.name;

/** What a path that the document does not know is answered with. */
const unknownPath: ResponseObject = {
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/**
 * What is wrong with a reply, one sentence each: its status is not documented, its media type is another, its body does not
 * match, or it lacks what every reply has.
 */
export const findBreaches = (method: string, pathname: string, reply: ReadReply): readonly string[] => {
  const operation = findOperation(method, pathname);
  const documented =
    operation === undefined
      ? { 404: unknownPath }[reply.status]
      : (operation.description.responses[String(reply.status)] ?? operation.description.responses["default"]);
  const name = operation?.name ?? `${method} of no operation`;
  if (documented === undefined) return [`${name}: the status ${reply.status} is not documented`];
  const response = resolve(documented);
  return [...bodyBreaches(response, reply), ...headerBreaches(response, reply)].map(
    (breach) => `${name} answered ${reply.status}: ${breach}`,
  );
};

const resolve = (response: ResponseObject): ResponseObject => {
  const [, name = ""] = /^#\/components\/responses\/(.+)$/.exec(response.$ref ?? "") ?? [];
  return document.components.responses[name] ?? response;
};

const bodyBreaches = ({ content }: ResponseObject, { headers, text }: ReadReply): readonly string[] => {
  if (content === undefined) return text === "" ? [] : ["a body is not documented"];
  const [mediaType = ""] = (headers.get("content-type") ?? "").split(";");
  const schema = (content[mediaType] ?? content["*/*"])?.schema;
  if (schema === undefined) return [`the media type ${mediaType} is not documented`];
  // References are to this document, wherever the schema that has them is compiled.
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"perch#/')));
  const body: unknown = mediaType.endsWith("json") ? parse(text) : text;
  return validate(body) ? [] : [ajv.errorsText(validate.errors, { dataVar: "body" })];
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const headerBreaches = (response: ResponseObject, { status, headers }: ReadReply): readonly string[] => {
  const breaches: string[] = [];
  const isRedirect = status >= 300 && status < 400;
  if (isRedirect && response.headers?.["Location"] === undefined) breaches.push("a redirect is not documented");
  if (isRedirect && !headers.has("location")) breaches.push("it redirects nowhere");
  // The gateway's own answers (401, 403) have the gateway's headers.
  if (status === 401 || status === 403) return breaches;
  const isAsset = response.content?.["*/*"] !== undefined && headers.get("cache-control")?.endsWith("immutable");
  if (headers.get("cache-control") !== "no-store" && !isAsset) breaches.push("a cache may keep it");
  if (headers.get("x-content-type-options") !== "nosniff") breaches.push("its type may be guessed");
  if (headers.get("content-type")?.startsWith("text/html")) breaches.push(...pageBreaches(headers));
  return breaches;
};

const pageBreaches = (headers: Headers): readonly string[] => {
  const policy = headers.get("content-security-policy") ?? "";
  return [
    ...(policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'")
      ? []
      : ["the page's content security policy lets something in"]),
    // Connect, which may be in a frame of the connections page, is told its origin.
    ...(["no-referrer", "strict-origin"].includes(headers.get("referrer-policy") ?? "")
      ? []
      : ["the page tells others its address"]),
  ];
};
