/**
 * The few HTTP shapes that the simulator's parts share. Routes are plain functions from a call to a reply, so that a
 * fault can stand between the two: the reply is known, and its effect has happened, before anything is sent.
 */

/** A request whose body has been read. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  /** Where it comes from. */
  readonly address: string;
  readonly body: string;
};

/** What a route answers. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Answers one method and path. */
export type Route = (call: Call) => Reply;

/** Routes by `METHOD /path`; a path may end in `*` for whatever its last part is. */
export type Routes = Readonly<Record<string, Route>>;

/** The route of a call, one with the whole path before one with a `*`. */
export const findRoute = (routes: Routes, { method, path }: Pick<Call, "method" | "path">): Route | undefined =>
  [`${method} ${path}`, `${method} ${path.slice(0, path.lastIndexOf("/"))}/*`]
    .filter((name) => Object.hasOwn(routes, name))
    .map((name) => routes[name])[0];

/** A JSON reply. */
export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  body: JSON.stringify(value),
});

/** A 302, which is what Finch Connect answers when it sends the browser back. */
export const redirectReply = (location: string): Reply => ({
  status: 302,
  headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  body: "",
});

/** An unknown value as an object whose members are still unknown, or undefined when it is none. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** The call's body as a JSON object, or undefined when it is anything else. */
export const parseJsonObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
};
