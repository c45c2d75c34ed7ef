import type { FieldError, Operation, SchemaError } from "./operation.ts";

const errorsTold = 20;

/**
 * What a validator found, for whoever sent the request: where it is and what it must be. Values are never repeated; the
 * name of an unknown field is, cut short.
 */
export const describeSchemaErrors = (
  errors: readonly SchemaError[],
  hints: Operation<unknown, unknown, unknown>["hints"],
): FieldError[] => {
  const told = new Map<string, FieldError>();
  for (const error of errors) {
    const described = describe(error, hints);
    if (described) told.set(`${described.field}\n${described.message}`, described);
    if (told.size === errorsTold) break;
  }
  return [...told.values()];
};

const describe = (error: SchemaError, hints: Readonly<Record<string, string>>): FieldError | undefined => {
  const field = toField(error.instancePath);
  const { keyword, params, schemaPath } = error;
  // Why each branch of a choice does not fit; the choice itself is told as a whole.
  if (/\/oneOf\/\d+\//.test(schemaPath)) return undefined;
  // Reported for each key that is wrong, beside what is wrong with that key.
  if (keyword === "propertyNames") return undefined;
  if (keyword === "required")
    return { field: joinField(field, String(params["missingProperty"])), message: "is required" };
  if (keyword === "additionalProperties") {
    return {
      field: joinField(field, String(params["additionalProperty"])),
      message: "is not a known field here; leave it out",
    };
  }
  if (keyword === "dependentRequired") {
    const message = `is required together with ${String(params["property"])}`;
    return { field: joinField(field, String(params["missingProperty"])), message };
  }
  const message = hints[schemaPath] ?? expectation(keyword, params, hints);
  return { field, message: error.propertyName === undefined ? message : `has a key that ${message}` };
};

const expectation = (
  keyword: string,
  params: SchemaError["params"],
  hints: Readonly<Record<string, string>>,
): string => {
  const limit = Number(params["limit"]);
  switch (keyword) {
    case "type":
      return `must be ${[params["type"]].flat().map(kindOf).join(" or ")}`;
    case "enum":
      return `must be one of ${[params["allowedValues"]].flat().join(", ")}`;
    case "pattern":
      return hints[String(params["pattern"])] ?? `must match ${String(params["pattern"])}`;
    case "format":
      return params["format"] === "email" ? "must be an e-mail address" : `must be a valid ${String(params["format"])}`;
    case "minLength":
      return limit === 1 ? "must not be empty" : `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "minimum":
      return `must be at least ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "minItems":
      return limit === 1 ? "must not be empty" : `must have at least ${limit} items`;
    case "maxItems":
      return `must have at most ${limit} items`;
    case "maxProperties":
      return `must have at most ${limit} entries`;
    case "minProperties":
      return limit === 1 ? "must have at least one field" : `must have at least ${limit} entries`;
    case "uniqueItems":
      return "must not have the same item twice";
    default:
      return "is not allowed like this";
  }
};

const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
};

const kindOf = (type: unknown): string => kinds[String(type)] ?? String(type);

/** `/body/products/0` as `body.products[0]` (the pointer is one of RFC 6901). */
const toField = (pointer: string): string =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce(joinField, "");

/** The name of a field inside another, or of an item of a list. */
export const joinField = (field: string, name: string): string => {
  if (field === "") return name;
  if (/^\d+$/.test(name)) return `${field}[${name}]`;
  return /^\w{1,64}$/.test(name) ? `${field}.${name}` : `${field}[${JSON.stringify(shorten(name))}]`;
};

const shorten = (name: string): string => (name.length > 64 ? `${name.slice(0, 64).toWellFormed()}…` : name);
