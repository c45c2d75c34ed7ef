import { decodeConnection, decodeEnd, decodePreview, decodeSession, decodeView } from "./decode.ts";
import { type Fields, fieldsOf, type Json, text } from "./json.ts";
import type { ConnectStart, Page, PageApi } from "./types.ts";

/** Why a call did not work. `ended`: the page's session is over. `offline`: the answer never came. */
export type Trouble = "ended" | "offline" | "problem";

/** A call that did not work. */
export class CallFailed extends Error {
  readonly trouble: Trouble;
  /** The problem's code, such as `connection_limit_reached`; empty when there was no problem document. */
  readonly code: string;
  /** Names the request in Perch's logs. */
  readonly requestId: string | null;

  constructor(trouble: Trouble, code = "", requestId: string | null = null) {
    super(`${trouble} ${code}`);
    this.trouble = trouble;
    this.code = code;
    this.requestId = requestId;
  }
}

/** How many connections are asked for at a time: the most that the API gives. */
const pageSize = 500;

/**
 * Calls the page's API on its own origin. The browser's cookie says which customer it is for; once the session is known, each
 * call names it, so that another session's cookie is not taken for it.
 */
export const createPageApi = (send: typeof fetch): PageApi => {
  let session: string | undefined;

  const call = async (method: string, path: string, body: Json = {}): Promise<Fields> => {
    const headers: Record<string, string> = session === undefined ? {} : { "x-perch-page": session };
    const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store", redirect: "error" };
    if (method !== "GET") headers["content-type"] = "application/json";
    if (method === "POST") init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await send(`/page/${path}`, { ...init, signal: AbortSignal.timeout(35_000) });
    } catch {
      throw new CallFailed("offline");
    }
    const fields = fieldsOf(await response.json().catch(() => null));
    if (response.ok) return fields;
    const code = text(fields["type"])?.split(":").at(-1) ?? "";
    throw new CallFailed(response.status === 401 ? "ended" : "problem", code, text(fields["request_id"]));
  };

  const page = (fields: Fields): Page => ({
    connections: (Array.isArray(fields["connections"]) ? fields["connections"] : []).map(decodeConnection),
    nextCursor: text(fields["next_cursor"]),
  });

  const begin = (fields: Fields) => {
    const begun = decodeSession(fields);
    session = begun.id;
    return begun;
  };

  const start = async (path: string, body: Json): Promise<ConnectStart> => {
    const fields = await call("POST", path, body);
    const sessionId = text(fields["session_id"]) ?? "";
    const connectUrl = text(fields["connect_url"]);
    if (connectUrl !== null) return { mode: "redirect", sessionId, connectUrl };
    const finchSessionId = text(fields["finch_session_id"]) ?? "";
    return { mode: "embedded", sessionId, finchSessionId, state: text(fields["state"]) ?? "" };
  };

  const one = (id: string, rest = "") => `connections/${encodeURIComponent(id)}${rest}`;

  return {
    openLink: async (secret) => begin(await call("POST", "sessions", { link_secret: secret })),
    view: async () => {
      const fields = await call("GET", `view?limit=${pageSize}`);
      const view = { ...decodeView(fields), ...page(fields) };
      session = view.session.id;
      return view;
    },
    more: async (cursor) =>
      page(await call("GET", `connections?limit=${pageSize}&cursor=${encodeURIComponent(cursor)}`)),
    connection: async (id) => decodeConnection(await call("GET", one(id))),
    connect: (providerId) => start("connect-sessions", providerId === null ? {} : { provider_id: providerId }),
    reconnect: (id) => start(one(id, "/reauthenticate-sessions"), {}),
    finish: async (authorizationCode, state) =>
      decodeEnd(await call("POST", "connections", { authorization_code: authorizationCode, state })),
    connectSession: async (id) => decodeEnd(await call("GET", `connect-sessions/${encodeURIComponent(id)}`)),
    preview: async (id) => decodePreview(await call("GET", one(id, "/disconnect-preview"))),
    remove: async (id, version) => decodeConnection(await call("DELETE", one(id, `?version=${version}`))),
    removeCompany: async (id, companyId) =>
      decodeConnection(await call("DELETE", one(id, `/entities/${encodeURIComponent(companyId)}`))),
    keep: async (id) => decodeConnection(await call("POST", one(id, "/keep-duplicate"))),
    check: async (id) => decodeConnection(await call("POST", one(id, "/check"))),
    stay: async () => begin(await call("POST", "sessions/renew")),
    leave: async () => {
      await call("DELETE", "sessions");
    },
  };
};
