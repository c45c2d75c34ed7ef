/** What a validator's errors become: a place and a sentence, for every rule that a document may have. */
import { describe, expect, it } from "vitest";
import type { SchemaError } from "#shared/http/operation.ts";
import { describeSchemaErrors, joinField } from "#shared/http/validation-message.ts";

const anError = (keyword: string, params: object = {}, more: Partial<SchemaError> = {}): SchemaError => ({
  keyword,
  instancePath: "/body/field",
  schemaPath: "#/properties/field",
  params: { ...params },
  ...more,
});
const tell = (error: SchemaError, hints = {}) => describeSchemaErrors([error], hints);

describe("the sentence for a rule", () => {
  it.each<[string, object, string]>([
    ["type", { type: "string" }, "must be a string"],
    ["type", { type: "integer" }, "must be an integer"],
    ["type", { type: "number" }, "must be a number"],
    ["type", { type: "boolean" }, "must be true or false"],
    ["type", { type: "object" }, "must be an object"],
    ["type", { type: ["array", "null"] }, "must be an array or null"],
    ["type", { type: "tuple" }, "must be tuple"],
    ["enum", { allowedValues: ["a", "b"] }, "must be one of a, b"],
    ["pattern", { pattern: "^a$" }, "must match ^a$"],
    ["format", { format: "email" }, "must be an e-mail address"],
    ["format", { format: "uri" }, "must be a valid uri"],
    ["minLength", { limit: 1 }, "must not be empty"],
    ["minLength", { limit: 2 }, "must have at least 2 characters"],
    ["maxLength", { limit: 9 }, "must have at most 9 characters"],
    ["minimum", { limit: 1 }, "must be at least 1"],
    ["maximum", { limit: 100 }, "must be at most 100"],
    ["minItems", { limit: 1 }, "must not be empty"],
    ["minItems", { limit: 2 }, "must have at least 2 items"],
    ["maxItems", { limit: 3 }, "must have at most 3 items"],
    ["minProperties", { limit: 1 }, "must have at least one field"],
    ["minProperties", { limit: 2 }, "must have at least 2 entries"],
    ["maxProperties", { limit: 50 }, "must have at most 50 entries"],
    ["uniqueItems", {}, "must not have the same item twice"],
    ["contains", {}, "is not allowed like this"],
  ])("%s %j", (keyword, params, message) => {
    expect(tell(anError(keyword, params))).toEqual([{ field: "body.field", message }]);
  });

  it("is the document's own where it has one, by pattern or by place", () => {
    const pattern = anError("pattern", { pattern: "^a$" });
    expect(tell(pattern, { "^a$": "must be a" })).toEqual([{ field: "body.field", message: "must be a" }]);
    expect(tell(pattern, { "#/properties/field": "must be so" })).toMatchObject([{ message: "must be so" }]);
  });

  it("tells of a key that it is one", () => {
    const error = anError("maxLength", { limit: 40 }, { propertyName: "k" });
    expect(tell(error)).toEqual([{ field: "body.field", message: "has a key that must have at most 40 characters" }]);
  });

  it("names the field that is missing, that must not be there, or that another one needs", () => {
    expect(tell(anError("required", { missingProperty: "name" }))).toEqual([
      { field: "body.field.name", message: "is required" },
    ]);
    expect(tell(anError("additionalProperties", { additionalProperty: "x" }))).toEqual([
      { field: "body.field.x", message: "is not a known field here; leave it out" },
    ]);
    expect(tell(anError("dependentRequired", { missingProperty: "b", property: "a" }))).toEqual([
      { field: "body.field.b", message: "is required together with a" },
    ]);
  });

  it("is left out for the branches of a choice, and for the sum of what is wrong with keys", () => {
    for (const branch of ["#/oneOf/0/type", "#/oneOf/12/type"]) {
      expect(tell(anError("type", { type: "string" }, { schemaPath: branch }))).toEqual([]);
    }
    expect(tell(anError("oneOf", {}, { schemaPath: "#/oneOf" }))).toHaveLength(1);
    expect(tell(anError("propertyNames"))).toEqual([]);
  });
});

describe("the errors of a request", () => {
  it("are told once each", () => {
    const twice = [anError("minimum", { limit: 1 }), anError("minimum", { limit: 1 })];
    expect(describeSchemaErrors(twice, {})).toHaveLength(1);
    expect(describeSchemaErrors([...twice, anError("maximum", { limit: 1 })], {})).toHaveLength(2);
  });

  it("are twenty at most", () => {
    const many = Array.from({ length: 30 }, (_, limit) => anError("minimum", { limit }));
    expect(describeSchemaErrors(many.slice(0, 20), {})).toHaveLength(20);
    expect(describeSchemaErrors(many, {}).map(({ message }) => message)).toEqual(
      Array.from({ length: 20 }, (_, limit) => `must be at least ${limit}`),
    );
  });
});

describe("the place of an error", () => {
  it.each([
    ["/body/products/0", "body.products[0]"],
    ["/body/products/12/x", "body.products[12].x"],
    ["/body/a~1b/c~0d", 'body["a/b"]["c~d"]'],
    ["/body/1a", "body.1a"],
    ["/body/a1", "body.a1"],
    ["/body/a-1", 'body["a-1"]'],
    ["/query", "query"],
    ["", ""],
  ])("%s is told as %s", (instancePath, field) => {
    expect(tell(anError("minimum", { limit: 1 }, { instancePath }))).toMatchObject([{ field }]);
  });

  it.each([
    ["a".repeat(64), `body.${"a".repeat(64)}`],
    ["a".repeat(65), `body["${"a".repeat(64)}…"]`],
    [`${"-".repeat(64)}`, `body["${"-".repeat(64)}"]`],
    [`${"-".repeat(63)}🐟`, `body["${"-".repeat(63)}\ufffd…"]`],
  ])("has its name cut after 64 characters: %#", (name, field) => {
    expect(joinField("body", name)).toBe(field);
  });
});
