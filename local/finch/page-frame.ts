/** What the pages of the simulated Finch Connect have in common: plain forms that work with a keyboard and no script. */
import { type Html, html } from "./html.ts";
import type { Reply } from "./http.ts";

/**
 * What each step of a run carries along. `state` is null when the browser brought none, `host` when the page is not
 * embedded; else it is the origin of the page around it.
 */
export type Run = { readonly session: string; readonly state: string | null; readonly host: string | null };

/** What was wrong with the last try. */
export type Problem = { readonly status: number; readonly text: string };

const style = html`<style>
  :root { color-scheme: light dark; --line: #8886; --accent: #2f5bea; }
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: start center; padding: 6vh 1rem; }
  main { width: min(26rem, 100%); }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
  h2 { font-size: 1.125rem; margin: 2rem 0 0; }
  .note { border: 1px dashed var(--line); border-radius: .5rem; padding: .5rem .75rem; font-size: .875rem; }
  .alert { border: 2px solid #c62828; border-radius: .5rem; padding: .5rem .75rem; }
  label { display: block; font-weight: 600; margin-top: 1rem; }
  input, button { font: inherit; box-sizing: border-box; width: 100%; padding: .6rem .75rem; border-radius: .5rem; border: 1px solid var(--line); }
  fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0 0; }
  fieldset label { font-weight: 400; margin: .25rem 0; }
  fieldset input { width: auto; margin-right: .5rem; }
  button { cursor: pointer; margin-top: .5rem; text-align: left; }
  button.main { background: var(--accent); border-color: var(--accent); color: #fff; text-align: center; margin-top: 1.25rem; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .leave { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
  .leave button { text-align: center; background: none; }
</style>`;

/** A page; `scriptSource` is the one script that it may run, as its content security policy names it. */
export const page = (status: number, title: string, content: Html, scriptSource?: string): Reply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // No `form-action`: browsers would apply it to the redirect that follows the form, and so stop the way back.
    // No `frame-ancestors`: embedded, the page stands in a frame of whichever application.
    "content-security-policy": [
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
      ...(scriptSource === undefined ? [] : [`script-src ${scriptSource}`]),
    ].join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  },
  body: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Simulated Finch Connect</title>
${style}
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.markup,
});

/** A page that ends the run where it is. */
export const messagePage = (status: number, title: string, text: string): Reply =>
  page(status, title, html`<p>${text}</p>`);

/** A field that the person does not see. */
export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** The fields by which the next step knows the run. */
export const carried = ({ session, state, host }: Run): readonly Html[] => [
  hidden("session", session),
  ...(state === null ? [] : [hidden("state", state)]),
  ...(host === null ? [] : [hidden("sdk_host_url", host)]),
];

/** The ways out that each step offers. */
export const leave = (run: Run): Html => html`<form id="leave" class="leave" action="/authorize" method="post">
${carried(run)}
<button name="action" value="deny">Deny and close</button>
<button name="action" value="error">Simulate an error</button>
</form>`;

/** A problem where a screen reader and the next try find it. */
export const alert = (problem: Problem | undefined): Html =>
  problem ? html`<p class="alert" id="problem" role="alert">${problem.text}</p>` : html``;
