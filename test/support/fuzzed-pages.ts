/** Open pages of fuzzed customers, and links that open more. */
import type * as schema from "#generated/openapi.ts";
import { send } from "./api.ts";
import type { FuzzedCustomer, MadeCustomer } from "./fuzzed-customer.ts";
import { makeLink, openPage } from "./page.ts";
import { readStack } from "./stack.ts";
import { signInEmbedded } from "./ways-in.ts";

/** A page that is open, with what it shows. */
export interface FuzzedPage extends Pick<FuzzedCustomer, "connections" | "sessions"> {
  /** `name=value`; null where the browser has none. */
  readonly cookie: string | null;
  readonly page_session_id: string;
  /** What Connect handed to this page. */
  readonly codes: readonly schema.PageCode[];
}

/** What requests of the page's script are led to. */
export interface FuzzedPages {
  readonly origin: string;
  readonly kept: readonly FuzzedPage[];
  /** Those whose connections requests may end. */
  readonly given_up: readonly FuzzedPage[];
  /** Those of whose connections requests may end single entities, and nothing else ends them. */
  readonly partly_given_up: readonly FuzzedPage[];
  /** Those that requests may close. */
  readonly closing: readonly FuzzedPage[];
  /** Secrets of links that nobody has used yet. */
  readonly links: readonly string[];
  /** The names of the page's scripts and styles. */
  readonly files: readonly string[];
}

const [codesOfEach, closed, unused] = [6, 30, 60];

/** Opens a page, and goes through Connect inside it. */
const openFuzzedPage = async ({ customer, fuzzed }: MadeCustomer): Promise<FuzzedPage> => {
  const { cookie, session, call } = await openPage(customer);
  const [sessions, codes] = [[...fuzzed.sessions], [] as schema.PageCode[]];
  for (let count = 0; count < codesOfEach; count += 1) {
    const started = await call("POST", "/page/connect-sessions", { json: {} });
    const { session_id, finch_session_id, state } = started.json<schema.PageConnect>();
    if (finch_session_id === null || state === null) throw new Error("the page does not embed Connect");
    const { code } = await signInEmbedded({ finch_session_id, state }, { company: customer.name });
    sessions.push(session_id);
    codes.push({ authorization_code: code, state });
  }
  return { cookie, page_session_id: session.page_session_id, connections: fuzzed.connections, sessions, codes };
};

/**
 * Opens them all, on a stack whose page embeds Connect.
 *
 * @param kept customers that requests leave whole.
 * @param givenUp those whose connections requests may end.
 * @param partlyGivenUp those of whose connections requests may end single entities.
 */
export const createFuzzedPages = async (
  kept: readonly MadeCustomer[],
  givenUp: readonly MadeCustomer[],
  partlyGivenUp: readonly MadeCustomer[],
): Promise<FuzzedPages> => {
  const [first] = kept;
  if (first === undefined) throw new Error("there is no customer with pages to fuzz");
  const pagesOf = async (customers: readonly MadeCustomer[]) => {
    const pages: FuzzedPage[] = [];
    for (const each of customers) pages.push(await openFuzzedPage(each));
    return pages;
  };
  const closing: FuzzedPage[] = [];
  for (let count = 0; count < closed; count += 1) {
    const { cookie, session } = await openPage(first.customer);
    closing.push({ ...first.fuzzed, cookie, page_session_id: session.page_session_id, codes: [] });
  }
  const links: string[] = [];
  for (let count = 0; count < unused; count += 1) links.push((await makeLink(first.customer)).hash.slice(1));
  const { text } = await send("/page");
  const files = [...text.matchAll(/\/page\/assets\/([\w.-]+)/g)].map(([, name = ""]) => name);
  if (files.length === 0) throw new Error("the page has no files");
  return {
    origin: readStack().apiUrl,
    kept: await pagesOf(kept),
    given_up: await pagesOf(givenUp),
    partly_given_up: await pagesOf(partlyGivenUp),
    ...{ closing, links, files },
  };
};

/** The same pages as somebody has them who was let into none: with another cookie, and no link. */
export const withCookies = (
  { origin, files, ...pages }: FuzzedPages,
  change: (cookie: string) => string | null,
): FuzzedPages => {
  const changed = (page: FuzzedPage): FuzzedPage => ({ ...page, cookie: change(page.cookie ?? "") });
  return {
    ...{ origin, files, links: [] },
    kept: pages.kept.map(changed),
    given_up: pages.given_up.map(changed),
    partly_given_up: pages.partly_given_up.map(changed),
    closing: pages.closing.map(changed),
  };
};
