/** The pages of the simulated Finch Connect: plain forms, usable with a keyboard, a screen reader and without script. */
import { type Html, html } from "./html.ts";
import type { Reply } from "./http.ts";
import type { Provider } from "./providers.ts";

/** What each step of a run carries along. `state` is null when the browser brought none. */
export type Run = { readonly session: string; readonly state: string | null };

const style = html`<style>
  :root { color-scheme: light dark; --line: #8886; --accent: #2f5bea; }
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: start center; padding: 6vh 1rem; }
  main { width: min(26rem, 100%); }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
  .note { border: 1px dashed var(--line); border-radius: .5rem; padding: .5rem .75rem; font-size: .875rem; }
  .alert { border: 2px solid #c62828; border-radius: .5rem; padding: .5rem .75rem; }
  label { display: block; font-weight: 600; margin-top: 1rem; }
  input, button { font: inherit; box-sizing: border-box; width: 100%; padding: .6rem .75rem; border-radius: .5rem; border: 1px solid var(--line); }
  button { cursor: pointer; margin-top: .5rem; text-align: left; }
  button.main { background: var(--accent); border-color: var(--accent); color: #fff; text-align: center; margin-top: 1.25rem; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .leave { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
  .leave button { text-align: center; background: none; }
</style>`;

const page = (status: number, title: string, content: Html): Reply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // No `form-action`: browsers would apply it to the redirect that follows the form, and so stop the way back.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
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

const hidden = (name: string, value: string): Html => html`<input type="hidden" name="${name}" value="${value}">`;

const carried = ({ session, state }: Run): readonly Html[] => [
  hidden("session", session),
  ...(state === null ? [] : [hidden("state", state)]),
];

const leave = (run: Run): Html => html`<form id="leave" class="leave" action="/authorize" method="post">
${carried(run)}
<button name="action" value="deny">Deny and close</button>
<button name="action" value="error">Simulate an error</button>
</form>`;

/** Step 1: which provider? */
export const providerPage = (run: Run, customerName: string, providers: readonly Provider[]): Reply =>
  page(
    200,
    "Choose your provider",
    html`<p>Which HR or payroll system does ${customerName} use?</p>
<form id="choose-provider" action="/authorize" method="get">
${carried(run)}
${providers.map(({ id, display_name: name }) => html`<button name="provider" value="${id}">${name}</button>`)}
</form>
${leave(run)}`,
  );

/** Step 2: sign in. `problem` tells what was wrong with the last try. */
export const signInPage = (
  run: Run,
  provider: Provider,
  filled: { readonly username: string; readonly company: string },
  problem?: { readonly status: number; readonly text: string },
): Reply =>
  page(
    problem?.status ?? 200,
    `Sign in to ${provider.display_name}`,
    html`${problem ? html`<p class="alert" id="problem" role="alert">${problem.text}</p>` : html``}
<p class="note">This is a simulation. Use <strong>good_user</strong> and <strong>good_pass</strong>;
good_user_2 to good_user_9 are other logins at the same company.</p>
<form id="sign-in" action="/authorize" method="post">
${carried(run)}
${hidden("provider", provider.id)}
${hidden("action", "sign_in")}
<label for="username">Username</label>
<input id="username" name="username" value="${filled.username}" autocomplete="off" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" required>
<label for="company">Company</label>
<input id="company" name="company" value="${filled.company}" maxlength="255" autocomplete="off">
<button class="main">Sign in and connect</button>
</form>
${leave(run)}`,
  );

/** A page that ends the run where it is. */
export const messagePage = (status: number, title: string, text: string): Reply =>
  page(status, title, html`<p>${text}</p>`);
