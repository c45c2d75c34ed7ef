/**
 * How Finch Connect ends. In redirect mode the browser is sent back; embedded, the page posts a message to the page
 * around it, in the form that Finch's `@tryfinch/react-connect` 5 listens for.
 */
import { createHash } from "node:crypto";
import { html } from "./html.ts";
import { type Reply, redirectReply } from "./http.ts";
import type { Session } from "./model.ts";
import { messagePage, page, type Run } from "./page-frame.ts";

/** How a run ended. */
export type Ending =
  | { readonly kind: "success"; readonly authorizationCode: string }
  | { readonly kind: "closed" }
  | { readonly kind: "error"; readonly error: "server_error" | "employer_connection_error"; readonly text: string };

/** Sends the browser, or the message, back; `state` returns as it came. */
export const goBack = (session: Session, run: Run, ending: Ending): Reply =>
  session.redirectUri === null ? postBack(run, ending) : redirectBack(session.redirectUri, run, ending);

/** Finch publishes no parameters for what is no success; these are OAuth's (RFC 6749, §4.1.2.1), and one of its own. */
const redirectBack = (redirectUri: string, { state }: Run, ending: Ending): Reply => {
  const location = new URL(redirectUri);
  switch (ending.kind) {
    case "success":
      location.searchParams.set("code", ending.authorizationCode);
      break;
    case "closed":
      location.searchParams.set("error", "access_denied");
      location.searchParams.set("error_description", "The employer closed Finch Connect without connecting");
      break;
    case "error":
      location.searchParams.set("error", ending.error);
      location.searchParams.set("error_description", ending.text);
  }
  if (state !== null) location.searchParams.set("state", state);
  return redirectReply(location.href);
};

const script = `const { message, targetOrigin } = JSON.parse(document.getElementById("result").textContent);
window.parent.postMessage(message, targetOrigin);`;
const scriptSource = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

const titles: Readonly<Record<Ending["kind"], string>> = {
  success: "Connected",
  closed: "Not connected",
  error: "Not connected",
};

const postBack = ({ state, host }: Run, ending: Ending): Reply => {
  if (host === null) {
    const text = "This session belongs into a page of the application, which has to open it by Finch's Connect SDK.";
    return messagePage(400, "Nowhere to go back to", text);
  }
  const result = JSON.stringify({ message: toMessage(ending, state), targetOrigin: host });
  // Inside a script block nothing is unescaped, and only `</script` or `<!--` could end or confuse it.
  const block = { markup: result.replaceAll("<", "\\u003c") };
  return page(
    200,
    titles[ending.kind],
    html`<p>The application goes on from here.</p>
<script type="application/json" id="result">${block}</script>
<script>${{ markup: script }}</script>`,
    scriptSource,
  );
};

const toMessage = (ending: Ending, state: string | null): Readonly<Record<string, unknown>> => {
  const name = "finch-auth-message-v2";
  switch (ending.kind) {
    case "success":
      return { name, kind: "success", code: ending.authorizationCode, ...(state === null ? {} : { state }) };
    case "closed":
      return { name, kind: "closed" };
    case "error": {
      const type = ending.error === "employer_connection_error" ? { type: ending.error } : {};
      return { name, kind: "error", error: { shouldClose: true, message: ending.text, ...type } };
    }
  }
};
