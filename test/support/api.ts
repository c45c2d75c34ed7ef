/** Calls the deployed API from the outside. Every reply, good or bad, is held against the OpenAPI document. */
import { findBreaches, type ReadReply } from "./http-contract.ts";
import { getApiToken, readStack } from "./stack.ts";

/** What came back. */
export interface Answer extends ReadReply {
  /** The body as JSON; its shape is the one that the document promises. */
  readonly json: <Body>() => Body;
  /** Where a redirect leads, made absolute. */
  readonly location: URL | undefined;
}

/** A request; `body` is sent as it is. */
export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** A documented 5xx is what the test is about. */
  readonly mayFail?: boolean;
}

/** The gateway gives up on a function after 29 s; what takes longer than this is stuck. */
const patienceMs = 45_000;

/**
 * Sends a request to Perch. Redirects are returned, not followed.
 *
 * @param target a path, or a whole URL of Perch's.
 * @throws Error when the reply is not one of the document's for this operation, or is a 5xx.
 */
export const send = async (
  target: string | URL,
  { method = "GET", headers, body, mayFail }: Request = {},
): Promise<Answer> => {
  const url = new URL(target, readStack().apiUrl);
  const response = await fetch(url, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(patienceMs),
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return toAnswer(method, url.pathname, { status: response.status, headers: response.headers, text }, mayFail);
};

/**
 * A reply as an answer.
 *
 * @param path as it was sent, without the query.
 * @throws Error as `send`.
 */
export const toAnswer = (method: string, path: string, reply: ReadReply, mayFail = false): Answer => {
  const breaches = findBreaches(method, path, reply);
  if (reply.status >= 500 && !mayFail) throw new Error(`${method} ${path} answered ${reply.status}: ${reply.text}`);
  // What HEAD is answered with has no body to look at.
  if (breaches.length > 0 && method !== "HEAD") throw new Error(breaches.join("\n"));
  const location = reply.headers.get("location");
  return {
    ...reply,
    json: <Body>() => JSON.parse(reply.text) as Body,
    location: location === null ? undefined : new URL(location, readStack().apiUrl),
  };
};

/** How the platform's backend calls. */
export interface BackendCall extends Request {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** The scopes of the token that goes along; all when left out, no token at all with `null`. */
  readonly scopes?: readonly string[] | null;
}

/** Calls the API as the platform's backend does. @throws Error as `send`. */
export const callBackend = async (path: string, call: BackendCall = {}): Promise<Answer> => {
  const { method, headers, body, json, scopes, mayFail } = call;
  const content = json === undefined ? body : JSON.stringify(json);
  return send(path, {
    method: method ?? (content === undefined ? "GET" : "POST"),
    headers: {
      ...(scopes !== null && { authorization: `Bearer ${await getApiToken(scopes)}` }),
      ...(content !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
    ...(mayFail !== undefined && { mayFail }),
  });
};
