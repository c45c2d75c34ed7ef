/** Goes through the Connect pages as a person's browser would, by HTTP alone, up to the way back to the application. */
import { unescapeHtml } from "./html.ts";

type Fetch = typeof globalThis.fetch;

/** Who signs in, and where. */
export type CompleteConnectOptions = {
  /** A Connect session's URL, with or without a `state`. */
  readonly connectUrl: string | URL;
  /** The provider to choose; of no effect when the session names one. */
  readonly provider: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Left as the page fills it in, which is with the customer's name, when it is not given. */
  readonly company?: string | undefined;
  readonly fetch?: Fetch | undefined;
};

type Page = { readonly url: URL; readonly heading: string; readonly text: string };
type Form = { readonly action: URL; readonly fields: URLSearchParams };

/**
 * Chooses the provider, signs in, and returns the callback URL with its `code` and `state`, which is not followed.
 *
 * @throws when Connect does not send the browser back; the message holds the page's heading and problem.
 */
export const completeConnect = async (options: CompleteConnectOptions): Promise<URL> => {
  const { connectUrl, provider, username = "good_user", password = "good_pass", company } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  let page = await openPage(fetch, new URL(connectUrl));
  const choice = findForm(page, "choose-provider");
  if (choice) {
    choice.fields.set("provider", provider);
    const next = new URL(choice.action);
    next.search = choice.fields.toString();
    page = await openPage(fetch, next);
  }
  const signIn = getForm(page, "sign-in");
  signIn.fields.set("username", username);
  signIn.fields.set("password", password);
  if (company !== undefined) signIn.fields.set("company", company);
  return submit(fetch, signIn);
};

/** Presses "Deny and close" and returns the callback URL with `error=access_denied`. Throws as `completeConnect`. */
export const denyConnect = (connectUrl: string | URL, fetch: Fetch = globalThis.fetch): Promise<URL> =>
  leaveConnect(connectUrl, "deny", fetch);

/** Presses "Simulate an error" and returns the callback URL with `error=server_error`. Throws as `completeConnect`. */
export const failConnect = (connectUrl: string | URL, fetch: Fetch = globalThis.fetch): Promise<URL> =>
  leaveConnect(connectUrl, "error", fetch);

const leaveConnect = async (connectUrl: string | URL, action: "deny" | "error", fetch: Fetch): Promise<URL> => {
  const leave = getForm(await openPage(fetch, new URL(connectUrl)), "leave");
  leave.fields.set("action", action);
  return submit(fetch, leave);
};

const openPage = async (fetch: Fetch, url: URL): Promise<Page> => {
  const response = await fetch(url, { redirect: "manual" });
  return toPage(url, await response.text());
};

const toPage = (url: URL, text: string): Page => {
  const heading = /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? "";
  const problem = /id="problem"[^>]*>([^<]*)</.exec(text)?.[1] ?? "";
  return { url, heading: unescapeHtml(`${heading} ${problem}`).trim(), text };
};

const submit = async (fetch: Fetch, { action, fields }: Form): Promise<URL> => {
  const response = await fetch(action, { method: "POST", body: fields, redirect: "manual" });
  const location = response.headers.get("location");
  if (response.status === 302 && location !== null) return new URL(location);
  const { heading } = toPage(action, await response.text());
  throw new Error(`Finch Connect answered ${response.status} and did not send the browser back: ${heading}`);
};

const getForm = (page: Page, id: string): Form => {
  const form = findForm(page, id);
  if (!form) throw new Error(`Finch Connect shows no form "${id}": ${page.heading}`);
  return form;
};

const findForm = ({ url, text }: Page, id: string): Form | undefined => {
  const [, attributes, content] = new RegExp(`<form id="${id}"([^>]*)>(.*?)</form>`, "s").exec(text) ?? [];
  if (attributes === undefined || content === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [, input = ""] of content.matchAll(/<input ([^>]*)>/g)) {
    const name = attribute(input, "name");
    if (name !== undefined) fields.set(name, attribute(input, "value") ?? "");
  }
  return { action: new URL(attribute(attributes, "action") ?? "", url), fields };
};

const attribute = (attributes: string, name: string): string | undefined => {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
};
