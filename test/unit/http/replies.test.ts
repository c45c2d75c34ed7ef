import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBrowserCookie, setBrowserCookie } from "#shared/http/cookie.ts";
import { page } from "#shared/http/page.ts";
import { problem, problemTypes, withRequestId } from "#shared/http/problem.ts";
import { html, json, noContent, redirect } from "#shared/http/reply.ts";

describe("a JSON reply", () => {
  it("is not stored and not sniffed", () => {
    expect(json(201, { a: null })).toEqual({
      statusCode: 201,
      headers: {
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
      },
      body: '{"a":null}',
    });
  });
});

describe("where more is to be read", () => {
  it("is named in a header, or there is none", () => {
    expect(json(201, {}, { location: "/v1/a" }).headers["location"]).toBe("/v1/a");
    expect(json(201, {}).headers).not.toHaveProperty("location");
  });
});

describe("a reply without a body", () => {
  it("says that it is not stored, too", () => {
    const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
    expect(noContent()).toEqual({ statusCode: 204, headers, body: "" });
  });
});

describe("a problem", () => {
  it("has its stable type and the status of its type", () => {
    for (const [code, { status }] of Object.entries(problemTypes)) {
      const reply = problem(code as keyof typeof problemTypes);
      expect(reply.statusCode).toBe(status);
      expect(JSON.parse(reply.body)).toMatchObject({ type: `urn:perch:problem:${code}`, status });
    }
  });

  it("says when to try again in the body and in the header", () => {
    const reply = problem("finch_unavailable", { retryAfter: 30 });
    expect(reply.headers["retry-after"]).toBe("30");
    expect(JSON.parse(reply.body)).toMatchObject({ retry_after: 30 });
  });

  it("gets the request's id; other replies stay as they are", () => {
    expect(JSON.parse(withRequestId(problem("not_found"), "r1").body)).toMatchObject({ request_id: "r1" });
    const reply = json(200, {});
    expect(withRequestId(reply, "r1")).toBe(reply);
  });
});

describe("a redirect", () => {
  it("goes to an http(s) URL or a path of ours, and cannot split the header", () => {
    expect(redirect("https://a.example/b?c=d", { cookies: ["x=1"] })).toMatchObject({
      statusCode: 302,
      headers: { location: "https://a.example/b?c=d", "referrer-policy": "no-referrer", "cache-control": "no-store" },
      cookies: ["x=1"],
    });
    expect(redirect("/connect/pending/1", { status: 303 })).toMatchObject({ statusCode: 303, body: "" });
    expect(redirect("http://localhost:8080/a").headers["location"]).toBe("http://localhost:8080/a");
    expect(redirect("/").headers["location"]).toBe("/");
    expect(redirect("/a")).not.toHaveProperty("cookies");
    expect(redirect("https://a.example/\r\nx: y").headers["location"]).toBe("https://a.example/x:%20y");
  });

  it.each(["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", "", "a b", "/a\nb"])(
    "does not go to %j",
    (location) => {
      expect(() => redirect(location)).toThrow("neither");
    },
  );
});

describe("the browser cookie", () => {
  const value = `${"aA0_-".repeat(8)}xyz`;

  it("is set for this host only, out of reach of scripts", () => {
    expect(setBrowserCookie(value)).toBe(
      `__Host-perch_browser=${value}; Max-Age=7776000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(() => setBrowserCookie("a; Domain=evil.example")).toThrow("43 base64url characters");
  });

  it("is read from among others", () => {
    expect(readBrowserCookie(["a=1", `__Host-perch_browser=${value}`, "b=2"])).toBe(value);
    expect(readBrowserCookie([`__Host-perch_browser=${value}`, `__Host-perch_browser=${value}`])).toBe(value);
  });

  it.each([
    ["absent", ["a=1"]],
    ["short", [`__Host-perch_browser=${value.slice(1)}`]],
    ["long", [`__Host-perch_browser=${value}x`]],
    ["quoted", [`__Host-perch_browser="${value}"`]],
    ["of another alphabet at its beginning", [`__Host-perch_browser=.${value.slice(1)}`]],
    ["of another alphabet at its end", [`__Host-perch_browser=${value.slice(1)}.`]],
    ["under a name that only begins like it", [`__Host-perch_browser2=${value}`]],
    ["under the name without its prefix", [`perch_browser=${value}`]],
    ["there twice with different values", [`__Host-perch_browser=${value}`, `__Host-perch_browser=${"b".repeat(43)}`]],
  ])("is not believed when it is %s", (_, cookies) => {
    expect(readBrowserCookie(cookies)).toBeUndefined();
  });
});

describe("a page", () => {
  const content = { title: "T", heading: "H", paragraphs: ["P"] };

  it("has a policy that allows its own style and nothing else", () => {
    const reply = html(410, page(content));
    const style = /<style>(.*?)<\/style>/s.exec(reply.body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(reply.headers).toEqual({
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
      "content-type": "text/html; charset=utf-8",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(reply).not.toHaveProperty("cookies");
    expect(html(200, page(content), { cookies: ["a=1"] }).cookies).toEqual(["a=1"]);
    expect(style.length).toBeLessThan(3000);
    expect(style).not.toContain("url(");
  });

  it("escapes whatever it is told", () => {
    const tags = (document: string) => document.match(/<[^>]*>/g)?.map((tag) => tag.split(" ")[0]);
    const plain = tags(page({ ...content, action: { label: "L", href: "https://a.example" } }).document);
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (title, heading, paragraph, label) => {
        const { document } = page({
          title: `<b>${title}`,
          heading: `"'&<script>${heading}`,
          paragraphs: [`</p><img src=x>${paragraph}`],
          action: { label: `<i>${label}`, href: `https://a.example/"><script>` },
        });
        expect(tags(document)).toEqual(plain);
      }),
    );
  });

  it("links to nothing but http(s) URLs and paths", () => {
    for (const href of ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://a.example", ""]) {
      expect(page({ ...content, action: { label: "L", href } }).document).not.toContain("<a ");
    }
    expect(page({ ...content, action: { label: "L", href: "/a?b&c" } }).document).toContain(
      '<a href="/a?b&amp;c">L</a>',
    );
  });

  it("reloads itself without script when asked to", () => {
    expect(page({ ...content, refreshSeconds: 2 }).document).toContain('<meta http-equiv="refresh" content="2">');
    expect(page(content).document).not.toContain("refresh");
  });
});
