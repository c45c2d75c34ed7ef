import type { IncomingMessage, ServerResponse } from "node:http";
import { type SampleConnection, twins } from "./samples.ts";

/** What the fake of the page's API knows, and what a test can change while the page is open. */
export interface FakeWorld {
  customer: { name: string; mode: "single" | "multiple" };
  connections: readonly SampleConnection[];
  returnUrl: string | null;
  idleMinutes: number;
  /** When the session ends in any case, in milliseconds from now. */
  lasts: number;
  mode: "redirect" | "embedded";
  /** Which answer a call gets instead of its own: `GET view` → `[503, "finch_unavailable"]`. */
  failures: Record<string, readonly [number, string]>;
  /** How long each answer takes. */
  delay: number;
  /** How the next Connect ends, as its session tells it. */
  ends: { status: string; outcome: string | null; failure_reason: string | null; connection_id: string | null };
  /** Each call, as `METHOD path`. */
  readonly calls: string[];
  /** The bodies of what changed something. */
  readonly bodies: unknown[];
}

/** A customer with two connections, of which all is well. */
export const createWorld = (change: Partial<FakeWorld> = {}): FakeWorld => ({
  customer: { name: "Northwind Trading Co.", mode: "multiple" },
  connections: twins.map((one) => ({ ...one, possible_duplicates: [] })),
  returnUrl: "https://app.harbor.example/settings",
  idleMinutes: 30,
  lasts: 8 * 3_600_000,
  mode: "redirect",
  failures: {},
  delay: 0,
  ends: { status: "completed", outcome: "connected", failure_reason: null, connection_id: null },
  calls: [],
  bodies: [],
  ...change,
});

const sessionId = "5e551000-0000-4000-8000-000000000000";
export const linkSecret = "S".repeat(64);

/** Answers a call of the page as the API's document says, out of the world. */
export const answerCall = async (
  world: FakeWorld,
  request: IncomingMessage,
  response: ServerResponse,
  connectUrl: (state: string) => string,
): Promise<void> => {
  const url = new URL(request.url ?? "", "http://page");
  const path = url.pathname.slice("/page/".length);
  const method = request.method ?? "";
  world.calls.push(`${method} ${path}`);
  const body = await readBody(request);
  if (method !== "GET") world.bodies.push(body);
  if (world.delay > 0) await new Promise((resolve) => setTimeout(resolve, world.delay));
  const send = (status: number, content: unknown) => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(status === 204 ? undefined : JSON.stringify(content));
  };
  const refuse = (status: number, code: string) =>
    send(status, { type: `urn:perch:problem:${code}`, status, request_id: "JKJaXmPLvHcESHA=" });
  const failure = world.failures[`${method} ${path}`];
  if (failure !== undefined) return refuse(...failure);
  if (method !== "GET" && request.headers["content-type"] !== "application/json") return refuse(415, "invalid_request");
  if (path !== "sessions" && method !== "GET" && request.headers["x-perch-page"] !== sessionId) {
    return refuse(401, "page_session_ended");
  }
  const now = Date.now();
  const session = {
    page_session_id: sessionId,
    expires_at: new Date(now + Math.min(world.idleMinutes * 60_000, world.lasts)).toISOString(),
    ends_at: new Date(now + world.lasts).toISOString(),
    idle_minutes: world.idleMinutes,
    return_url: world.returnUrl,
    language: null,
  };
  const page = (limit: number, from: number) => ({
    connections: world.connections.slice(from, from + limit),
    next_cursor: from + limit < world.connections.length ? String(from + limit) : null,
  });
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const [kind, id, part] = path.split("/");
  const known = world.connections.find((one) => one.connection_id === id);
  const put = (changed: SampleConnection) => {
    world.connections = world.connections.map((one) => (one.connection_id === id ? changed : one));
    return changed;
  };

  if (method === "POST" && path === "sessions") {
    return (body as { link_secret?: string }).link_secret === linkSecret
      ? send(201, session)
      : refuse(410, "link_expired");
  }
  if (path === "sessions/renew") return send(200, session);
  if (method === "DELETE" && path === "sessions") return send(204, null);
  if (path === "view") {
    const customer = { ...world.customer, connection_count: world.connections.length };
    return send(200, { customer, session, ...page(limit, 0) });
  }
  if (path === "connections" && method === "GET") return send(200, page(limit, Number(url.searchParams.get("cursor"))));
  if (path === "connect-sessions" || part === "reauthenticate-sessions") {
    const common = {
      session_id: "c0ffee00-0000-4000-8000-000000000000",
      expires_at: session.ends_at,
      mode: world.mode,
    };
    return world.mode === "redirect"
      ? send(201, { ...common, connect_url: connectUrl("none"), finch_session_id: null, state: null })
      : send(201, { ...common, connect_url: null, finch_session_id: "f1nc4", state: "ours" });
  }
  if (kind === "connect-sessions" || (path === "connections" && method === "POST")) {
    return send(200, { session_id: id, reauthenticates: null, provider_id: null, ...world.ends });
  }
  if (kind !== "connections" || known === undefined) return refuse(404, "not_found");
  if (part === "disconnect-preview") {
    const { connection_id, entities, version } = known;
    return send(200, { connection_id, entities, tokens: 1, siblings: [], version });
  }
  if (method === "DELETE" && part === "entities") {
    const entity = path.split("/")[3];
    const entities = known.entities.map((one) => (one.id === entity ? { ...one, status: "disconnecting" } : one));
    return send(202, put({ ...known, entities }));
  }
  if (method === "DELETE") return send(202, put({ ...known, status: "disconnecting" }));
  if (part === "keep-duplicate") {
    world.connections = world.connections.map((one) => ({ ...one, possible_duplicates: [] }));
    return send(200, { ...known, possible_duplicates: [] });
  }
  return send(part === "check" ? 202 : 200, known);
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? null : JSON.parse(text);
};
