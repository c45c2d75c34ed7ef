/** What comes from the page itself, by what a browser says that no script can write. */
import { describe, expect, it } from "vitest";
import { isFromPage } from "#shared/http/same-origin.ts";

const page = "https://perch.example";
const json = "application/json";

describe("a request comes from the page", () => {
  it.each<[string, Record<string, string>]>([
    ["GET", {}],
    ["GET", { origin: page }],
    ["GET", { "sec-fetch-site": "same-origin" }],
    ["POST", { origin: page, "content-type": json }],
    ["DELETE", { origin: page, "content-type": json, "sec-fetch-site": "same-origin" }],
    ["POST", { origin: page, "content-type": "Application/JSON; charset=utf-8" }],
    ["POST", { origin: page, "content-type": "application/json ;charset=utf-8" }],
  ])("by %s with %j", (method, headers) => {
    expect(isFromPage({ method, headers }, page)).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    ["GET", { origin: "https://evil.example" }],
    ["GET", { origin: "" }],
    ["GET", { "sec-fetch-site": "cross-site" }],
    ["GET", { "sec-fetch-site": "same-site", origin: page }],
    ["POST", { "content-type": json }],
    ["POST", { origin: "https://evil.example", "content-type": json }],
    ["POST", { origin: page }],
    ["POST", { origin: page, "content-type": "text/plain" }],
    ["POST", { origin: page, "content-type": "text/plain; application/json" }],
    ["POST", { origin: page, "content-type": "application/jsonp" }],
    ["POST", { origin: page, "content-type": "application/json-seq; a=b" }],
    ["POST", { origin: page, "content-type": json, "sec-fetch-site": "none" }],
  ])("not by %s with %j", (method, headers) => {
    expect(isFromPage({ method, headers }, page)).toBe(false);
  });
});
