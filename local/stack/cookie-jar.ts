/** A browser's memory of one origin's cookies, as far as following a few redirects takes. */
export interface Browser {
  /** Opens a URL with the cookies of its origin; a redirect is returned, not followed. */
  readonly open: (url: string | URL) => Promise<Response>;
}

/** A browser that knows no cookie yet. */
export const createBrowser = (): Browser => {
  const byOrigin = new Map<string, Map<string, string>>();
  return {
    async open(url) {
      const { origin } = new URL(url);
      const cookies = byOrigin.get(origin) ?? new Map<string, string>();
      byOrigin.set(origin, cookies);
      const response = await fetch(url, {
        redirect: "manual",
        headers: cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") } : {},
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ""] = cookie.split(";");
        const equals = pair.indexOf("=");
        if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
      }
      return response;
    },
  };
};
