/** The connections page from the outside: what the backend asks for, and what the page's script sends. */
import { expect } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Answer, callBackend, type Request, send } from "./api.ts";
import type { TestCustomer } from "./journey.ts";
import { readStack } from "./stack.ts";

/** A page that is open in some browser. */
export interface OpenedPage {
  readonly session: schema.PageSession;
  /** `name=value`, as the browser sends it. */
  readonly cookie: string;
  /** Calls as the page's script does, `json` as the body; `headers` and `cookie` replace what it sends. */
  readonly call: (method: string, path: string, change?: PageCall) => Promise<Answer>;
}

/** What is different from what the page's script sends. */
export interface PageCall extends Pick<Request, "mayFail"> {
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Makes a link; returns its whole address. */
export const makeLink = async (
  customer: Pick<TestCustomer, "path">,
  input: Partial<schema.PageSessionInput> = {},
): Promise<URL> => {
  const made = await callBackend(`${customer.path}/page-sessions`, { json: input });
  expect(made.status, made.text).toBe(201);
  return new URL(made.json<schema.NewPageSession>().url);
};

/** Uses a link's secret, as the page does when its button is pressed. */
export const useLink = (link: URL, change: PageCall = {}): Promise<Answer> =>
  callAs("POST", "/page/sessions", { json: { link_secret: link.hash.slice(1) }, ...change });

/** Makes a link and uses it. */
export const openPage = async (
  customer: Pick<TestCustomer, "path">,
  input: Partial<schema.PageSessionInput> = {},
): Promise<OpenedPage> => {
  const opened = await useLink(await makeLink(customer, input));
  expect(opened.status, opened.text).toBe(201);
  const [cookie = ""] = opened.headers.getSetCookie()[0]?.split(";") ?? [];
  const session = opened.json<schema.PageSession>();
  return {
    session,
    cookie,
    call: (method, path, { headers, ...change } = {}) =>
      callAs(method, path, { ...change, headers: { cookie, "x-perch-page": session.page_session_id, ...headers } }),
  };
};

const callAs = (method: string, path: string, { json, headers, mayFail }: PageCall): Promise<Answer> => {
  const sent = { origin: readStack().apiUrl, "content-type": "application/json", ...headers };
  return send(path, {
    method,
    headers: Object.fromEntries(
      Object.entries(sent).filter((header): header is [string, string] => header[1] !== undefined),
    ),
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(mayFail !== undefined && { mayFail }),
  });
};
