const name = "__Host-perch_browser";
// 32 random bytes in base64url.
const pattern = /^[A-Za-z0-9_-]{43}$/;
const ninetyDays = 90 * 24 * 60 * 60;

/**
 * The value that ties a browser to the openings it made, or undefined if there is none that Perch could have set.
 *
 * @param cookies `name=value` each. A browser sends a `__Host-` cookie once (RFC 6265bis section 4.1.3.2); two different
 * values were put there by somebody else, and none of them is believed.
 */
export const readBrowserCookie = (cookies: readonly string[]): string | undefined => {
  const values = new Set(cookies.filter((cookie) => cookie.startsWith(`${name}=`)).map(valuePart));
  const [value] = values;
  return values.size === 1 && value !== undefined && pattern.test(value) ? value : undefined;
};

const valuePart = (cookie: string): string => cookie.slice(name.length + 1);

/**
 * The `Set-Cookie` value that gives a browser its value for 90 days. Lax, because the browser comes back from Finch by a
 * link of another site.
 *
 * @throws Error if the value is not 43 base64url characters.
 */
export const setBrowserCookie = (value: string): string => {
  if (!pattern.test(value)) throw new Error("the browser cookie must be 43 base64url characters");
  return `${name}=${value}; Max-Age=${ninetyDays}; Path=/; HttpOnly; Secure; SameSite=Lax`;
};
