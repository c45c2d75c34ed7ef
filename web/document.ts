/** The page's document, theme and headers, made from the stage's configuration where they are served. Nothing of it runs in a browser. */
import { configName, type PageConfig, type PageFiles, type PageSettings } from "./config.ts";
import { iconShapes } from "./icon-shapes.ts";

/** The HTML document: an empty page with its settings, the icons, and no script or style of its own. */
export const renderIndex = (config: PageConfig, files: PageFiles, language: string): string => {
  const { accent: _, ...rest } = config;
  const settings: PageSettings = { ...rest, logo: config.logo ? files.logo : null };
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="strict-origin">
<meta name="${configName}" content="${escapeHtml(JSON.stringify(settings))}">
<title>${escapeHtml(config.platform)}</title>
<link rel="stylesheet" href="${escapeHtml(files.style)}">
<link rel="stylesheet" href="${escapeHtml(files.theme)}">
<script src="${escapeHtml(files.script)}" defer></script>
</head>
<body>
<svg class="sprite" aria-hidden="true"><defs>${sprite}</defs></svg>
<div id="app"></div>
<div class="sr" role="status" id="polite"></div>
<noscript><main><p>This page needs JavaScript. Esta página necesita JavaScript.</p></main></noscript>
</body>
</html>
`;
};

/**
 * The style sheet with the platform's colour.
 *
 * @throws Error when the accent is not `#rrggbb`.
 */
export const renderTheme = ({ accent }: PageConfig): string => {
  if (!/^#[0-9a-fA-F]{6}$/.test(accent)) throw new Error(`${accent} is no colour of the form #rrggbb.`);
  return `:root { --brand: ${accent}; }\n`;
};

/** What the page may load and talk to: its own origin, and Finch Connect in a frame when it is embedded. */
export const contentSecurityPolicy = ({ mode, connectUrl }: PageConfig): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `frame-src ${mode === "embedded" ? connectUrl : "'none'"}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");

const sprite = Object.entries(iconShapes)
  .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 24 24">${shape}</symbol>`)
  .join("");

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? "");
