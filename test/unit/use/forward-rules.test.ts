import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAboutEntity, productOf, readForwardPath } from "#shared/use/forward-rules.ts";

const read = (method: string, path: string, more: readonly string[] = []) => readForwardPath(method, path, more);

describe("what is forwarded to Finch", () => {
  it.each([
    ["GET", "employer/company"],
    ["GET", "employer/directory"],
    ["GET", "employer/benefits/5f0a-4c1b/individuals"],
    ["POST", "employer/individual"],
    ["POST", "employer/employment"],
    ["POST", "employer/pay-statement"],
    ["POST", "forward"],
    ["GET", "jobs/automated"],
    ["GET", "jobs/automated/6f3b6d2e-5f0a-4c1b-9d3e-2a1b0c9d8e7f"],
    ["GET", "providers"],
  ])("is %s /%s", (method, path) => {
    expect(read(method, path)).toBe(`/${path}`);
  });

  it.each([
    ["GET", ""],
    ["GET", "employer"],
    ["GET", "employer/"],
    ["GET", "employer//company"],
    ["GET", "/employer/company"],
    ["GET", "employer/./company"],
    ["GET", "employer/../introspect"],
    ["GET", "employer/..%2fintrospect"],
    ["GET", "employer/%2e%2e/introspect"],
    ["GET", "employer/..\\introspect"],
    ["GET", "employer/company?x=1"],
    ["GET", "employer/company#x"],
    ["GET", "employer/company;x=1"],
    ["GET", "employer/com pany"],
    ["GET", "employer/company\r\nHost: evil.example"],
    ["GET", "employer/\u0000"],
    ["GET", "employer/compañía"],
    ["GET", "employer/@evil.example"],
    ["GET", "http://evil.example/employer/company"],
    ["GET", `employer/${"a".repeat(129)}`],
    ["GET", "employer/a/b/c/d/e/f/g/h"],
    ["GET", "introspect"],
    ["GET", "forward"],
    ["POST", "providers"],
    ["POST", "employer/company"],
    ["POST", "employer/individual/x"],
    ["POST", "jobs/automated"],
    ["PUT", "employer/individual"],
    ["DELETE", "employer/benefits/x"],
    ["HEAD", "employer/company"],
    ["OPTIONS", "employer/company"],
    ["get", "employer/company"],
    ["", "employer/company"],
    ["POST", "auth/token"],
    ["POST", "connect/sessions"],
    ["POST", "disconnect"],
    ["POST", "disconnect-entity"],
    ["POST", "sandbox/jobs"],
  ])("is not %s /%s", (method, path) => {
    expect(read(method, path)).toBeUndefined();
  });

  it("is what a stage adds, exactly or all below", () => {
    const rules = ["POST /jobs/automated", "POST /employer/benefits/*"];
    expect(read("POST", "jobs/automated", rules)).toBe("/jobs/automated");
    expect(read("POST", "jobs/automated/x", rules)).toBeUndefined();
    expect(read("POST", "employer/benefits/x/individuals", rules)).toBe("/employer/benefits/x/individuals");
    expect(read("POST", "employer/benefits", rules)).toBeUndefined();
    expect(read("DELETE", "employer/benefits/x", rules)).toBeUndefined();
  });

  it.each([
    "auth/token",
    "connect/sessions",
    "disconnect",
    "disconnect-entity",
    "sandbox/company",
    "introspect",
    "auth",
  ])("is never /%s, whatever a stage adds", (path) => {
    const rules = [`POST /${path}`, `POST /${path.split("/")[0]}/*`];
    expect(read("POST", path, rules)).toBeUndefined();
  });

  it("never leaves the places that rules name, whatever is sent", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "employer",
        "company",
        "..",
        ".",
        "%2e%2e",
        "%2f",
        "/",
        "\\",
        "introspect",
        "auth",
        "@",
        ":",
        "//",
        "forward",
      ),
      fc.string({ maxLength: 6, unit: "binary" }),
    );
    const paths = fc
      .array(piece, { maxLength: 8 })
      .chain((pieces) => fc.constantFrom(pieces.join("/"), pieces.join("")));
    fc.assert(
      fc.property(fc.constantFrom("GET", "POST", "PUT", "DELETE"), paths, (method, path) => {
        const found = read(method, path);
        if (found === undefined) return;
        const url = new URL(found, "https://api.tryfinch.com");
        expect([url.origin, url.pathname, url.search, url.hash]).toEqual(["https://api.tryfinch.com", found, "", ""]);
        expect(found).toMatch(/^\/(employer\/.+|forward|providers|jobs\/.+)$/);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("what a path needs", () => {
  it.each([
    ["/employer/company", "company", true],
    ["/employer/pay-statement", "pay_statement", true],
    ["/employer/benefits/x/individuals", "benefits", true],
    ["/employer/pay-groups", undefined, true],
    ["/employer/constructor", undefined, true],
    ["/forward", undefined, false],
    ["/jobs/automated", undefined, false],
    ["/providers/company", undefined, false],
  ])("of %s: %s, of an entity: %s", (path, product, ofEntity) => {
    expect([productOf(path), isAboutEntity(path)]).toEqual([product, ofEntity]);
  });
});
