/** A cookie of this host alone, which neither scripts nor other sites' requests have. */
interface HostCookie {
  readonly name: `__Host-${string}`;
  /** How many base64url characters its value has. */
  readonly length: number;
  readonly maxAgeSeconds: number;
}

/** 32 random bytes. */
const browser = {
  name: "__Host-perch_browser",
  length: 43,
  maxAgeSeconds: 90 * 24 * 60 * 60,
} as const satisfies HostCookie;

/** A session's id and 32 random bytes. It ends before its cookie does. */
const page = {
  name: "__Host-perch_page",
  length: 64,
  maxAgeSeconds: 8 * 60 * 60,
} as const satisfies HostCookie;

/**
 * The value of a cookie, or undefined if there is none that Perch could have set.
 *
 * @param cookies `name=value` each. A browser sends a `__Host-` cookie once (RFC 6265bis section 4.1.3.2); two different
 * values were put there by somebody else, and none of them is believed.
 */
const read = ({ name, length }: HostCookie, cookies: readonly string[]): string | undefined => {
  const ours = cookies.filter((cookie) => cookie.startsWith(`${name}=`));
  const values = new Set(ours.map((cookie) => cookie.slice(name.length + 1)));
  const [value] = values;
  return values.size === 1 && value !== undefined && isText(value, length) ? value : undefined;
};

const isText = (value: string, length: number): boolean => value.length === length && /^[A-Za-z0-9_-]+$/.test(value);

/** Lax, because the browser comes back from Finch by a link of another site. @throws Error if the value cannot be one. */
const set = ({ name, length, maxAgeSeconds }: HostCookie, value: string): string => {
  if (!isText(value, length)) throw new Error(`the cookie ${name} must be ${length} base64url characters`);
  return write(name, value, maxAgeSeconds);
};

const write = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; Secure; SameSite=Lax`;

/** The value that ties a browser to the openings it made, by `name=value` each. */
export const readBrowserCookie = (cookies: readonly string[]): string | undefined => read(browser, cookies);

/** The `Set-Cookie` value that gives a browser its value for 90 days. */
export const setBrowserCookie = (value: string): string => set(browser, value);

/** The value that opens a session of the connections page, by `name=value` each. */
export const readPageCookie = (cookies: readonly string[]): string | undefined => read(page, cookies);

/** The `Set-Cookie` value that gives a browser a session of the connections page. */
export const setPageCookie = (value: string): string => set(page, value);

/** The `Set-Cookie` value that takes it away. */
export const clearPageCookie = write(page.name, "", 0);
