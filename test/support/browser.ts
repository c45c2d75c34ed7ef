import { type Answer, send } from "./api.ts";
import { readStack } from "./stack.ts";

/** A browser as Perch knows it: what it opens, and the cookie that it was given. */
export interface Browser {
  /** Opens a URL or path of Perch's with the browser's cookie; a redirect is returned, not followed. */
  readonly open: (url: string | URL, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** The value of Perch's cookie; undefined while the browser has none. */
  readonly cookie: () => string | undefined;
}

/** The name of the cookie that ties a browser to the openings it made. */
export const cookieName = "__Host-perch_browser";

/**
 * A browser that knows no cookie yet, or holds the given value.
 *
 * @throws Error from `open` when Perch sets a cookie that is not its own one, or one that scripts or other sites can have.
 */
export const createBrowser = (held?: string): Browser => {
  let value = held;
  return {
    cookie: () => value,
    async open(url, headers = {}) {
      const { origin } = new URL(url, readStack().apiUrl);
      if (origin !== readStack().apiUrl) throw new Error(`${origin} is not where Perch is`);
      const answer = await send(url, {
        headers: { ...(value !== undefined && { cookie: `${cookieName}=${value}` }), ...headers },
      });
      for (const cookie of answer.headers.getSetCookie()) value = readSetCookie(cookie);
      return answer;
    },
  };
};

const readSetCookie = (cookie: string): string => {
  const [pair = "", ...attributes] = cookie.split(";").map((part) => part.trim());
  const [name, value = ""] = pair.split("=");
  const has = new Set(attributes.map((attribute) => attribute.toLowerCase()));
  const isHostOnly = has.has("path=/") && has.has("secure") && !attributes.some((each) => /^domain=/i.test(each));
  const isGuarded = has.has("httponly") && has.has("samesite=lax");
  if (name !== cookieName || !isHostOnly || !isGuarded) throw new Error(`an unexpected cookie: ${name} ${attributes}`);
  return value;
};

/** What a page says, without its markup. */
export const readPage = ({ text }: Answer): string =>
  (/<main>(.*?)<\/main>/s.exec(text)?.[1] ?? "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
