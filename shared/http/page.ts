import { createHash } from "node:crypto";

/** What a page says. All of it is plain text; the page escapes it. */
export interface PageContent {
  /** For the browser's tab. */
  readonly title: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** A link to go on with; left out unless it is an http(s) URL or a path. */
  readonly action?: { readonly label: string; readonly href: string };
  /** Reloads the page after so many seconds, without script. */
  readonly refreshSeconds?: number;
}

/** A finished page. */
export interface Page {
  readonly document: string;
  /** The hash of its style sheet, for the content security policy. */
  readonly styleHash: string;
}

const style = `:root{color-scheme:light dark;--bg:#f5f6f8;--card:#fff;--line:#dde1e7;--ink:#151a21;--soft:#4a5463;--accent:#1f4fd8;--on:#fff}
@media (prefers-color-scheme:dark){:root{--bg:#0d1015;--card:#161b22;--line:#2b333e;--ink:#eef1f5;--soft:#b9c2cd;--accent:#9cc4ff;--on:#0d1015}}
@media (prefers-contrast:more){:root{--line:var(--soft);--soft:var(--ink)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--bg);color:var(--ink);font:400 1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;overflow-wrap:anywhere}
main{width:100%;max-width:34rem;padding:2.5rem 2rem;display:grid;gap:1rem;justify-items:center;text-align:center;background:var(--card);border:1px solid var(--line);border-radius:.875rem}
h1,p{margin:0;text-wrap:balance}
h1{font-size:1.375rem;line-height:1.3;font-weight:650}
p{color:var(--soft)}
a{margin-top:.5rem;padding:.625rem 1.25rem;border-radius:.625rem;background:var(--accent);color:var(--on);font-weight:600;text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
@media (forced-colors:active){a{border:1px solid}}`;

const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`;

/** A complete HTML document: readable without script, in light and dark, by keyboard and by screen reader. */
export const page = ({ title, heading, paragraphs, action, refreshSeconds }: PageContent): Page => ({
  document: [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    ...(refreshSeconds === undefined
      ? []
      : [`<meta http-equiv="refresh" content="${Math.max(1, Math.ceil(refreshSeconds))}">`]),
    `<meta name="robots" content="noindex">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    `</head>`,
    `<body>`,
    `<main>`,
    `<h1>${escapeHtml(heading)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(action && isSafe(action.href) ? [`<a href="${escapeHtml(action.href)}">${escapeHtml(action.label)}</a>`] : []),
    `</main>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n"),
  styleHash,
});

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

const isSafe = (href: string): boolean => /^(https?:\/\/[^\s]+|\/(?![/\\])[^\s]*)$/i.test(href);
