import { expect, it } from "vitest";
import type { PageConfig, PageFiles } from "../../../web/config.ts";
import { contentSecurityPolicy, renderIndex, renderTheme } from "../../../web/document.ts";

const config: PageConfig = {
  platform: "Harbor Benefits",
  accent: "#1f5a4c",
  logo: false,
  mode: "redirect",
  connectUrl: "https://connect.tryfinch.com",
  languages: ["en", "es"],
  helpUrl: null,
  privacyUrl: null,
};

const files: PageFiles = {
  script: "/page/assets/page-A.js",
  style: "/page/assets/page-style-B.css",
  theme: "/page/assets/theme-C.css",
  logo: "/page/assets/logo-D.svg",
};

/** What the document's script reads. */
const settingsIn = (document: string): unknown => {
  const content = /<meta name="perch-page" content="([^"]*)">/.exec(document)?.[1] ?? "";
  return JSON.parse(
    content.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) =>
      name === "amp" ? "&" : name === "lt" ? "<" : name === "gt" ? ">" : name === "quot" ? '"' : "'",
    ),
  );
};

it("the document loads its own files and carries its settings, the colour aside", () => {
  const document = renderIndex(config, files, "es");
  expect(document).toContain('<html lang="es">');
  for (const file of [files.script, files.style, files.theme]) expect(document).toContain(`"${file}"`);
  const { accent: _, ...settings } = config;
  expect(settingsIn(document)).toEqual({ ...settings, logo: null });
  expect(settingsIn(renderIndex({ ...config, logo: true }, files, "en"))).toMatchObject({ logo: files.logo });
});

it("a platform's name is text wherever it is put", () => {
  const platform = `"><script>alert('x')</script>&amp;`;
  const document = renderIndex({ ...config, platform }, files, "en");
  expect(document.match(/<script/g)).toHaveLength(1);
  expect(document).not.toContain("alert('");
  expect(settingsIn(document)).toMatchObject({ platform });
});

it("no script, style or attribute of the document itself does anything", () => {
  const document = renderIndex(config, files, "en");
  expect(document).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script>(?!<)/);
});

it("the policy lets in one origin, and Connect's only where it is embedded", () => {
  const policy = contentSecurityPolicy(config);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
  const embedded = contentSecurityPolicy({ ...config, mode: "embedded" });
  expect(embedded).toContain("frame-src https://connect.tryfinch.com;");
  expect(embedded.replace("https://connect.tryfinch.com", "'none'")).toBe(policy);
});

it("the theme is a colour and nothing else", () => {
  expect(renderTheme(config)).toBe(":root { --brand: #1f5a4c; }\n");
  for (const accent of ["red", "#12345", "#123456; } body { display: none", ""]) {
    expect(() => renderTheme({ ...config, accent })).toThrow("is no colour");
  }
});
