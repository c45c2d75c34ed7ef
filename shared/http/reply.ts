import type { Page } from "./page.ts";

/** What a function returns to an HTTP API (payload format 2.0). */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True where `body` is bytes in base64. */
  readonly isBase64Encoded?: boolean;
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[];
}

/** Nothing that Perch answers may be kept by a cache or guessed to be another type. */
export const neverStored = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** A JSON reply; with `location`, it names the path where more is to be read (RFC 9110 section 10.2.2). */
export const json = (status: number, body: unknown, { location }: { readonly location?: string } = {}): Reply => {
  const reply = jsonText(status, JSON.stringify(body));
  return location === undefined ? reply : { ...reply, headers: { ...reply.headers, location } };
};

/** Done, and nothing to show. */
export const noContent = (): Reply => ({ statusCode: 204, headers: neverStored, body: "" });

/** A JSON reply whose text is there already. */
export const jsonText = (status: number, body: string, contentType = "application/json"): Reply => ({
  statusCode: status,
  headers: { ...neverStored, "content-type": contentType },
  body,
});

/** A page for a person. It cannot be framed, runs no script, loads nothing, and tells no other site its address. */
export const html = (status: number, page: Page, options: { readonly cookies?: readonly string[] } = {}): Reply => ({
  statusCode: status,
  headers: {
    ...neverStored,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src '${page.styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
  },
  body: page.document,
  ...(options.cookies && { cookies: options.cookies }),
});

/** How a redirect differs from the usual one. */
export interface RedirectOptions {
  readonly cookies?: readonly string[];
  readonly status?: 302 | 303;
}

/**
 * Sends the browser to an absolute http or https URL, or to a path of Perch's own.
 *
 * @throws Error if the location is neither: the caller must have checked it.
 */
export const redirect = (location: string, { cookies, status = 302 }: RedirectOptions = {}): Reply => ({
  statusCode: status,
  headers: { ...neverStored, "referrer-policy": "no-referrer", location: parseLocation(location) },
  body: "",
  ...(cookies && { cookies }),
});

const parseLocation = (location: string): string => {
  // A path must not begin with // or /\, which browsers read as another host.
  if (/^\/(?![/\\])[!-~]*$/.test(location)) return location;
  const url = URL.parse(location);
  // A URL object has no control characters and only ASCII in its text, so that it cannot split the header.
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
  throw new Error("redirect to something that is neither an http(s) URL nor a path");
};
