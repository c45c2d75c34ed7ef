import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Reply } from "#shared/http/reply.ts";
import type { PageConfig, PageFiles } from "#web/config.ts";
import { renderTheme } from "#web/document.ts";

/** What the page loads: the paths by which it does, and by name each file, gzipped. */
export interface PageAssets {
  readonly names: PageFiles;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What was built of the page, on every stage the same. */
export interface BuiltFiles {
  readonly script: string;
  readonly style: string;
  readonly compressed: Readonly<Record<string, string>>;
}

/** The platform's logo: what kind of file it is, such as `png`, and what is in it. */
export interface Logo {
  readonly extension: string;
  readonly content: Uint8Array;
}

/** Puts the built files together with what the stage adds: its colour and its logo. */
export const collectAssets = (config: PageConfig, built: BuiltFiles, logo: Logo | undefined): PageAssets => {
  const files = new Map(
    Object.entries(built.compressed).map(([name, compressed]) => [name, Buffer.from(compressed, "base64")]),
  );
  /** Named by its content: what a cache has under a name is what the page means. */
  const add = (name: string, extension: string, content: string | Uint8Array): string => {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const file = `${name}-${hash}.${extension}`;
    files.set(file, gzipSync(content));
    return pathOf(file);
  };
  return {
    names: {
      script: pathOf(built.script),
      style: pathOf(built.style),
      theme: add("theme", "css", renderTheme(config)),
      logo: logo === undefined ? null : add("logo", logo.extension, logo.content),
    },
    files,
  };
};

const pathOf = (file: string): string => `/page/assets/${file}`;

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  png: "image/png",
  jpg: "image/jpeg",
  svg: "image/svg+xml",
  webp: "image/webp",
};

/** A file of the page, gzipped if the browser takes that; undefined if there is none of this name. */
export const readPageAsset = ({ files }: PageAssets, file: string, acceptsGzip: boolean): Reply | undefined => {
  const compressed = files.get(file);
  const type = types[file.split(".").at(-1) ?? ""];
  if (compressed === undefined || type === undefined) return undefined;
  return {
    statusCode: 200,
    headers: {
      "content-type": type,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      // A logo that is an SVG document is opened by itself at times: it runs nothing.
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      vary: "accept-encoding",
      ...(acceptsGzip && { "content-encoding": "gzip" }),
    },
    body: (acceptsGzip ? compressed : gunzipSync(compressed)).toString("base64"),
    isBase64Encoded: true,
  };
};
