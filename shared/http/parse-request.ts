import { ok, type Result, refuse } from "../result.ts";
import type { GatewayRequest } from "./gateway-event.ts";
import type { FieldError, Operation, Refusal } from "./operation.ts";
import { describeSchemaErrors, joinField } from "./validation-message.ts";

/** The parts of a request that the OpenAPI document describes. */
export interface ParsedRequest<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
}

/**
 * Holds a request against its operation: size first, then syntax, then every field. Defaults are filled in.
 *
 * @returns the typed request, or what is wrong with it.
 */
export const parseRequest = <Path, Query, Body>(
  operation: Operation<Path, Query, Body>,
  request: GatewayRequest,
): Result<ParsedRequest<Path, Query, Body>, Refusal> => {
  const { bodyLimit } = operation;
  if (request.body.byteLength > bodyLimit) return refuse({ code: "payload_too_large", bodyLimit });

  const path = decodePath(request.path);
  if (!path.ok) return path;
  const body = parseBody(operation.body, request);
  if (!body.ok) return body;

  const candidate = { path: path.value, query: typedQuery(request.query, operation), body: body.value };
  if (!operation.validate(candidate)) {
    const errors = describeSchemaErrors(operation.validate.errors ?? [], operation.hints);
    return refuse({ code: "invalid_request", errors });
  }
  const illFormed = findIllFormed(candidate.body, "body");
  if (illFormed !== undefined) return invalid({ field: illFormed, message: "must not hold half of a surrogate pair" });
  // The compiled validator has just proved it.
  return ok(candidate as ParsedRequest<Path, Query, Body>);
};

const invalid = (...errors: FieldError[]) => refuse({ code: "invalid_request", errors } as const);

/**
 * API Gateway decodes path parameters, an emulated one may not. Decoding what is decoded already does no harm here: no
 * identifier may contain a percent sign.
 */
const decodePath = (path: GatewayRequest["path"]): Result<Record<string, string>, Refusal> => {
  const decoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(path)) {
    try {
      decoded[name] = decodeURIComponent(value);
    } catch {
      return invalid({ field: `path.${name}`, message: "must be percent-encoded UTF-8" });
    }
  }
  return ok(decoded);
};

/**
 * Everything in a query is text; an integer or a boolean in its plain form becomes one, and the validator refuses what is
 * left, a parameter that was given twice among it.
 */
const typedQuery = (
  query: GatewayRequest["query"],
  { integers, booleans }: Pick<Operation<unknown, unknown, unknown>, "integers" | "booleans">,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      if (integers.includes(name) && /^-?(?:0|[1-9]\d{0,14})$/.test(value)) return [name, Number(value)];
      if (booleans.includes(name) && /^(?:true|false)$/.test(value)) return [name, value === "true"];
      return [name, value];
    }),
  );

const parseBody = (
  kind: Operation<unknown, unknown, unknown>["body"],
  { body, headers }: GatewayRequest,
): Result<unknown, Refusal> => {
  if (kind === "ignored") return ok(undefined);
  if (kind === "raw") return ok(body);
  const text = decodeUtf8(body);
  if (text === undefined) return invalid({ field: "body", message: "must be UTF-8" });
  if (text.trim() === "") {
    if (kind === "optional") return ok({});
    return kind === "none" ? ok(undefined) : invalid({ field: "body", message: "is required: send a JSON object" });
  }
  const mediaType = headers["content-type"];
  if (kind !== "none" && mediaType !== undefined && !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(mediaType)) {
    return invalid({ field: "headers.content-type", message: "must be application/json" });
  }
  const value = parseJson(text);
  if (kind !== "none") {
    return value === undefined ? invalid({ field: "body", message: "must be valid JSON" }) : ok(value);
  }
  return isEmptyObject(value)
    ? ok(undefined)
    : invalid({ field: "body", message: "must be empty: this operation takes no body" });
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

const decodeUtf8 = (bytes: Buffer): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Undefined when it is not JSON; JSON itself has no undefined. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The field that holds what no UTF-8 can: half of a surrogate pair, which JSON may have as an escape (RFC 8259 section 8.2).
 * Neither the table nor Finch takes it. The body has been validated: it is as deep as the document says, and no deeper.
 */
const findIllFormed = (value: unknown, field: string): string | undefined => {
  if (typeof value === "string") return value.isWellFormed() ? undefined : field;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  for (const [name, each] of Object.entries(value)) {
    if (!name.isWellFormed()) return field;
    const found = findIllFormed(each, joinField(field, name));
    if (found !== undefined) return found;
  }
  return undefined;
};

const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
