/** What Perch reads of a request that the gateway hands over (payload format 2.0), each part present and of its type. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: Readonly<Record<string, string>>;
  /** A list for a parameter that was given more than once. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** As it was sent, without the question mark. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `name=value` each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly requestId: string;
  /** The OAuth client whose token the gateway has verified; empty where a route takes none. */
  readonly caller: string;
}

/**
 * Reads an event without believing its shape: what is absent or of another type is empty. An emulated gateway leaves out
 * `cookies`, and some clients' requests have no headers at all.
 */
export const readGatewayEvent = (event: unknown): GatewayRequest => {
  const { pathParameters, queryStringParameters, rawQueryString, headers, cookies, body, ...rest } = record(event);
  const named = lowerCased(texts(headers));
  const rawQuery = isText(rawQueryString) ? rawQueryString : "";
  const context = record(rest["requestContext"]);
  const { method } = record(context["http"]);
  return {
    method: isText(method) ? method : "",
    path: texts(pathParameters),
    rawQuery,
    query: withRepeated(texts(queryStringParameters), rawQuery),
    headers: named,
    cookies: Array.isArray(cookies) ? cookies.filter(isText) : splitCookies(named["cookie"]),
    body: Buffer.from(isText(body) ? body : "", rest["isBase64Encoded"] === true ? "base64" : "utf8"),
    requestId: readRequestId(context["requestId"]),
    caller: readCaller(context["authorizer"]),
  };
};

/** Cognito names the client in `client_id` (RFC 9068 section 2.2), other issuers in `azp` or, for client credentials, in `sub`. */
const readCaller = (authorizer: unknown): string => {
  const claims = record(record(record(authorizer)["jwt"])["claims"]);
  const named = [claims["client_id"], claims["azp"], claims["sub"]].find((claim) => isText(claim) && claim !== "");
  return isText(named) ? named.slice(0, 256) : "";
};

/** The gateway joins the values of a repeated parameter with commas, which one value may have, too: only the raw query tells. */
const withRepeated = (query: Readonly<Record<string, string>>, raw: string): GatewayRequest["query"] => {
  const given = new URLSearchParams(raw);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const values = given.getAll(name);
      return [name, values.length > 1 ? values : value];
    }),
  );
};

/** The gateway's own id of the request, by which its access log can be joined to ours; else a new one. */
const readRequestId = (id: unknown): string =>
  isText(id) && /^[\w=+/.:-]{1,128}$/.test(id) ? id : crypto.randomUUID();

const splitCookies = (header = ""): string[] =>
  header
    .split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== "");

const isText = (value: unknown): value is string => typeof value === "string";

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, string] => isText(entry[1])));

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
