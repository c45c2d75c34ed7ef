import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { collectAssets, type Logo } from "../../../functions/serve-page/assets.ts";
import { createHandler } from "../../../functions/serve-page/handler.ts";
import { pageConfig } from "../../support/function-environment.ts";
import { ask, codeOf, recordLog } from "./support.ts";

const getPage = { method: "GET", path: "/page" };
const getAsset = { method: "GET", path: "/page/assets/{file}" };

const script = "console.log(1)";
const built = {
  ...{ script: "page-AAAAAAAA.js", style: "page-style-BBBBBBBB.css" },
  compressed: {
    "page-AAAAAAAA.js": gzipSync(script).toString("base64"),
    "page-style-BBBBBBBB.css": gzipSync("p{}").toString("base64"),
  },
};

const served = (logo?: Logo, changes: Partial<typeof pageConfig> = {}) => {
  const config = { ...pageConfig, logo: logo !== undefined, ...changes };
  return createHandler({ log: recordLog().log, config, assets: collectAssets(config, built, logo) });
};

describe("the connections page's document", () => {
  it("loads its own files only, runs no script of its own, and is in no frame", async () => {
    const { status, headers, text } = await ask(served(), getPage);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin",
    });
    const policy = new Map(
      headers["content-security-policy"]?.split("; ").map((each) => {
        const [name = "", ...sources] = each.split(" ");
        return [name, sources.join(" ")] as const;
      }),
    );
    expect(policy.get("default-src")).toBe("'none'");
    for (const name of ["script-src", "style-src", "img-src", "connect-src"]) expect(policy.get(name)).toBe("'self'");
    for (const name of ["frame-src", "base-uri", "frame-ancestors"]) expect(policy.get(name)).toBe("'none'");
    expect(text).not.toMatch(/<script(?![^>]* src="\/page\/assets\/)|<style| style=| on\w+=/);
  });

  it("lets Connect into a frame where it is embedded, and nobody else", async () => {
    const { headers } = await ask(served(undefined, { mode: "embedded" }), getPage);
    expect(headers["content-security-policy"]).toContain("frame-src https://connect.tryfinch.com;");
  });

  it("has the language that is asked for if the stage has it, else the stage's first", async () => {
    for (const [lang, shown] of [
      ["es", "es"],
      ["fr", "en"],
      [`"><script>`, "en"],
      [undefined, "en"],
    ] as const) {
      const { text } = await ask(served(), getPage, lang === undefined ? {} : { query: { lang } });
      expect(text).toContain(`<html lang="${shown}">`);
    }
  });

  it("writes the platform's name as text, whatever it is", async () => {
    const { text } = await ask(served(undefined, { platform: `"><script>alert(1)</script>` }), getPage);
    expect(text).not.toContain("<script>");
  });
});

describe("the connections page's files", () => {
  const read = async (handler: ReturnType<typeof served>, file: string, encoding?: string) => {
    const reply = await handler({
      ...{ routeKey: "GET /page/assets/{file}", pathParameters: { file } },
      ...{ headers: { ...(encoding !== undefined && { "accept-encoding": encoding }) } },
      requestContext: { http: { method: "GET" } },
    });
    const { "content-encoding": encoded } = reply.headers;
    const bytes = Buffer.from(reply.body, "base64");
    return { ...reply, encoded, content: encoded === "gzip" ? gunzipSync(bytes) : bytes };
  };

  it.each([
    ["gzip, deflate, br", "gzip"],
    ["br;q=1.0, gzip;q=0.5", "gzip"],
    ["gzip;q=0", undefined],
    ["identity", undefined],
    [undefined, undefined],
  ])("come as a browser that accepts %s can read them, for a year", async (encoding, expected) => {
    const { headers, encoded, content } = await read(served(), "page-AAAAAAAA.js", encoding);
    expect([encoded, content.toString()]).toEqual([expected, script]);
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    });
  });

  it("have the platform's colour and logo among them, under names that change with them", async () => {
    const logo = { extension: "svg", content: Buffer.from("<svg onload=alert(1)/>") };
    const [one, other] = [logo, { ...logo, content: Buffer.from("<svg/>") }].map((each) => served(each));
    const namesIn = async (handler = served()) => (await ask(handler, getPage)).text.match(/logo-\w+\.svg/)?.[0];
    const [name = "", otherName] = [await namesIn(one), await namesIn(other)];
    expect([name === otherName, await namesIn()]).toEqual([false, undefined]);
    const { headers, content } = await read(served(logo), name);
    expect([headers["content-type"], content.toString()]).toEqual(["image/svg+xml", "<svg onload=alert(1)/>"]);
    // Opened by itself, it is a document: it must not run.
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*sandbox/);
    const theme = (await ask(served(), getPage)).text.match(/theme-\w+\.css/)?.[0] ?? "";
    expect((await read(served(), theme)).content.toString()).toContain("#1f6f5c");
  });

  it("are those and no others", async () => {
    for (const file of ["page-AAAAAAAB.js", "index.js", "constructor", "__proto__", "package.json"]) {
      const answer = await ask(served(), getAsset, { path: { file } });
      expect([answer.status, codeOf(answer)]).toEqual([404, "unknown_path"]);
    }
  });
});
