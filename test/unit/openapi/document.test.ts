import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "#generated/openapi-document.js";
import { problemTypes } from "#shared/http/problem.ts";

type Json = { readonly [key: string]: Json };

const text = readFileSync(join(import.meta.dirname, "../../../.generated/openapi.json"), "utf8");
const document: Json = JSON.parse(text);

/** Every object in the document with its place, schemas and all. */
const walk = (value: unknown, at: readonly string[] = []): readonly (readonly [readonly string[], Json])[] =>
  typeof value === "object" && value !== null
    ? [
        [at, value as Json],
        ...Object.entries(value)
          .filter(([key]) => !["example", "examples"].includes(key) && (key !== "default" || at.at(-1) === "responses"))
          .flatMap(([key, part]) => walk(part, [...at, key])),
      ]
    : [];
const all = walk(document);
const operations = Object.entries(document["paths"] ?? {}).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([key]) => key !== "parameters" && !key.startsWith("x-"))
    .map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

describe("the OpenAPI document", () => {
  it("is served as it was written", () => {
    expect(JSON.parse(openApiDocument)).toEqual(document);
  });

  it("has no reference to nothing, and nothing that is never referred to", () => {
    const references = new Set(all.flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : [])));
    const examples = text.match(/#\/components\/examples\/\w+/g) ?? [];
    const { securitySchemes: _, ...kinds } = document["components"] as Record<string, Json>;
    const components = Object.entries(kinds).flatMap(([kind, entries]) =>
      Object.keys(entries ?? {}).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...new Set([...references, ...examples])].toSorted()).toEqual(components.toSorted());
  });

  it("describes every operation, parameter, header, response, schema and field", () => {
    const undescribed = all
      .filter(([at, value]) => isDescribable(at) && value["$ref"] === undefined)
      .filter(([, value]) => typeof value["description"] !== "string")
      .map(([at]) => at.join("/"));
    expect(undescribed).toEqual([]);
  });

  it("has no sentence that a comma cuts in two, which makes a key without a value of the rest", () => {
    const cut = all
      .filter(([, value]) => !Array.isArray(value))
      .flatMap(([at, value]) => Object.entries(value).map(([key, part]) => [[...at, key].join("/"), part] as const))
      .filter(([at, part]) => (part as unknown) === null && !at.endsWith("/default"))
      .map(([at]) => at);
    expect(cut).toEqual([]);
  });

  it("gives an example of every parameter, header and field that is a value", () => {
    const without = all
      .filter(([at]) => isField(at) || ["parameters", "headers"].includes(at.at(-2) ?? ""))
      .filter(([, value]) => value["$ref"] === undefined && !isBuiltOfOthers(value))
      .filter(([, value]) => value["example"] === undefined && value["examples"] === undefined)
      .map(([at]) => at.join("/"));
    expect(without).toEqual([]);
  });

  it("has examples that match their schemas", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });
    ajv.addSchema({ $id: "perch", ...document });
    const wrong = all.flatMap(([at, value]) => {
      const examples: unknown = value["examples"];
      if (!Array.isArray(examples)) return [];
      const pointer = at.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
      const validate = ajv.compile({ $ref: `perch#/${pointer}` });
      return examples
        .filter((example) => !validate(example))
        .map(() => `${at.join("/")}: ${ajv.errorsText(validate.errors)}`);
    });
    expect(wrong).toEqual([]);
  });

  it("has examples of replies and requests that match", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });
    ajv.addSchema({ $id: "perch", ...document });
    const wrong = all.flatMap(([at, value]) => {
      const example: unknown = value["example"];
      const schema = value["schema"] as unknown as { readonly $ref?: string } | undefined;
      if (example === undefined || schema === undefined) return [];
      const validate = ajv.compile(schema.$ref ? { $ref: `perch${schema.$ref}` } : schema);
      return validate(example) ? [] : [`${at.join("/")}: ${ajv.errorsText(validate.errors)}`];
    });
    expect(wrong).toEqual([]);
  });

  it("lists every problem type with its status, and no other", () => {
    const rows = [...String(document["info"]?.["description"]).matchAll(/\| `urn:perch:problem:(\w+)` \| (\d+) \|/g)];
    const listed = rows.map(([, code, status]) => [code, Number(status)]);
    expect(listed.toSorted()).toEqual(
      Object.entries(problemTypes)
        .map(([code, { status }]) => [code, status])
        .toSorted(),
    );
  });

  it("says of every secured operation what the gateway answers", () => {
    for (const { name, operation } of operations) {
      const secured = Object.keys(operation["security"] ?? {}).length > 0;
      // Its 401 and 403 may be Finch's own, which one response each describes.
      const own = String(operation["x-perch-function"]) === "forward-to-finch" ? "Forward" : "";
      const { 401: unauthorized, 403: forbidden } = operation["responses"] ?? {};
      // The page's script is answered by Perch itself.
      const session = name.includes(" /page/") && unauthorized ? "#/components/responses/PageSessionEnded" : undefined;
      expect([name, unauthorized?.["$ref"]]).toEqual([
        name,
        secured ? `#/components/responses/${own}Unauthorized` : session,
      ]);
      if (secured) expect([name, forbidden?.["$ref"]]).toEqual([name, `#/components/responses/${own}Forbidden`]);
    }
  });

  it("refuses unknown fields in every request body", () => {
    const open = operations
      .map(({ operation }) => operation["requestBody"]?.["content"]?.["application/json"]?.["schema"]?.["$ref"])
      .filter((reference) => reference !== undefined)
      .map((reference) => String(reference).split("/").at(-1) ?? "")
      .filter((name) => (document["components"]?.["schemas"]?.[name]?.["additionalProperties"] as unknown) !== false);
    expect(open).toEqual([]);
  });

  it("names each operation like its function, save those of the page, which share some", () => {
    for (const { operation } of operations.filter(({ name }) => !/ \/page(?:\/|$)/.test(name))) {
      // One that answers whatever comes has an operation for each method that the document describes.
      expect(String(operation["operationId"]).replace(/-with-body$/, "")).toBe(String(operation["x-perch-function"]));
    }
  });
});

const isField = (at: readonly string[]): boolean => at.at(-2) === "properties";

const isDescribable = (at: readonly string[]): boolean =>
  isField(at) ||
  ["schemas", "parameters", "headers", "responses", "securitySchemes"].includes(at.at(-2) ?? "") ||
  at.at(-1) === "requestBody" ||
  (at[0] === "paths" && at.length === 3 && at[2] !== "parameters");

/** Objects, lists and choices show their parts; text in a page has no example. */
const isBuiltOfOthers = (value: Json): boolean =>
  ["properties", "items", "oneOf"].some((keyword) => value[keyword] !== undefined);
