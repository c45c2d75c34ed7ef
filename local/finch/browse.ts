/** As much of a browser as the Connect pages need: forms, and answers that are either a page or the way back. */
import { unescapeHtml } from "./html.ts";

/** The `fetch` to use, for instance one that keeps cookies. */
export type Fetch = typeof globalThis.fetch;

/** A page that was answered. `problem` is what it says is wrong, or empty. */
export type Page = {
  readonly url: URL;
  readonly status: number;
  readonly heading: string;
  readonly problem: string;
  readonly text: string;
};

/** A form with its fields as the page has filled them in. */
export type Form = {
  readonly action: URL;
  readonly method: "get" | "post";
  readonly fields: URLSearchParams;
  /** The values that each group of checkboxes or radio buttons offers. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
};

/** What a step leads to: one more page, or a redirect out of Connect. */
export type Arrival = { readonly page: Page } | { readonly callback: URL };

/** Opens an address; a redirect is not followed. */
export const openPage = async (fetch: Fetch, url: URL): Promise<Arrival> =>
  toArrival(url, await fetch(url, { redirect: "manual" }));

/** Sends a form. */
export const submitForm = async (fetch: Fetch, { action, method, fields }: Form): Promise<Arrival> => {
  if (method === "post") return toArrival(action, await fetch(action, { method, body: fields, redirect: "manual" }));
  const url = new URL(action);
  url.search = fields.toString();
  return openPage(fetch, url);
};

/** Finds the form with this id. */
export const findForm = ({ url, text }: Page, id: string): Form | undefined => {
  const [, attributes, content] = new RegExp(`<form id="${id}"([^>]*)>(.*?)</form>`, "s").exec(text) ?? [];
  if (attributes === undefined || content === undefined) return undefined;
  const fields = new URLSearchParams();
  const choices: Record<string, string[]> = {};
  for (const [, input = ""] of content.matchAll(/<input ([^>]*)>/g)) {
    const [name, value = ""] = [attribute(input, "name"), attribute(input, "value")];
    if (name === undefined) continue;
    if (/type="(checkbox|radio)"/.test(input)) {
      choices[name] = [...(choices[name] ?? []), value];
      if (!/ checked/.test(input)) continue;
    }
    fields.append(name, value);
  }
  const method = attribute(attributes, "method") === "get" ? "get" : "post";
  return { action: new URL(attribute(attributes, "action") ?? "", url), method, fields, choices };
};

/** An error that says where the way through Connect ended. */
export const wrongArrival = (wanted: string, arrival: Arrival): Error => {
  if ("callback" in arrival) return new Error(`Finch Connect sent the browser back and did not ${wanted}`);
  const { status, heading, problem } = arrival.page;
  return new Error(`Finch Connect answered ${status} and did not ${wanted}: ${`${heading} ${problem}`.trim()}`);
};

const toArrival = async (url: URL, response: Response): Promise<Arrival> => {
  const text = await response.text();
  const location = response.headers.get("location");
  if (response.status === 302 && location !== null) return { callback: new URL(location, url) };
  const heading = unescapeHtml(/<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? "");
  const problem = unescapeHtml(/id="problem"[^>]*>([^<]*)</.exec(text)?.[1] ?? "");
  return { page: { url, status: response.status, heading, problem, text } };
};

const attribute = (attributes: string, name: string): string | undefined => {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
};
