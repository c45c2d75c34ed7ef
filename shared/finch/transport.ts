import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Undecided } from "../connection/finch-port.ts";

/** A request as its bytes are sent. */
export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly timeoutMs: number;
  /** A longer answer is not read on. */
  readonly longestAnswerBytes: number;
  /** What no connection has taken by then is not sent. */
  readonly sendBy?: Date;
}

/** An answer that came whole. */
export interface RawAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request once, and says what came back or that nothing is known. Never throws for what the network does. */
export type Transport = (
  request: RawRequest,
) => Promise<RawAnswer | { readonly kind: "too_large" } | { readonly kind: "not_sent" } | Undecided>;

/** Servers close what is idle after as little as five seconds (Node's and Apache's defaults); Finch's limit is not published. */
const idleLimitMs = 4_000;

/**
 * Closes an agent's connections that were idle for {@link idleLimitMs} when it is called. A timer cannot do it: it stands
 * still while Lambda freezes the function, in which time Finch may hang up. What is sent on such a connection is lost, and
 * must not be repeated without knowing that Finch has not seen it (RFC 9112 §9.3.1, §9.5).
 */
const createCloseIdle = (agent: HttpAgent, now: () => Date): (() => void) => {
  const idleSince = new WeakMap<Socket, number>();
  agent.on("free", (socket: Socket) => idleSince.set(socket, now().getTime()));
  return () => {
    const time = now().getTime();
    for (const socket of Object.values(agent.freeSockets).flatMap((sockets = []) => sockets)) {
      const idleMs = time - (idleSince.get(socket) ?? Number.NaN);
      // A clock that was set back says nothing of how long it was.
      if (!(idleMs >= 0 && idleMs < idleLimitMs)) socket.destroy();
    }
  };
};

/**
 * Reaches Finch over `node:https`. Neither `fetch` nor Finch's SDK: both load undici at the first call (20–35 ms of a cold
 * start), and the SDK's repeats would send a single-use code twice. Redirects are not followed.
 */
export const createTransport = (baseUrl: string, now: () => Date): Transport => {
  const base = new URL(baseUrl);
  const isHttps = base.protocol === "https:";
  const agent = isHttps ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const start = isHttps ? httpsRequest : httpRequest;
  const closeIdle = createCloseIdle(agent, now);

  return ({ method, path, headers, body, timeoutMs, longestAnswerBytes, sendBy }) =>
    new Promise((resolve) => {
      closeIdle();
      const request = start(new URL(path, base), {
        method,
        agent,
        headers: { ...headers, ...(body && { "content-length": body.byteLength }) },
      });
      const settle = (outcome: Awaited<ReturnType<Transport>>) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      // One limit for the whole exchange of bytes: a trickle does not prolong it.
      const timer = setTimeout(() => {
        settle({ kind: "undecided", reason: "timeout" });
        request.destroy();
      }, timeoutMs);
      request.on("error", () => settle({ kind: "undecided", reason: "unreachable" }));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          chunks.push(chunk);
          if (length > longestAnswerBytes) {
            settle({ kind: "too_large" });
            request.destroy();
          }
        });
        response.on("error", () => settle({ kind: "undecided", reason: "unreachable" }));
        response.on("end", () =>
          settle({
            kind: "answer",
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      // Nothing is written before `end`, so that a connection that was long in coming takes nothing that is out of date.
      request.on("socket", (socket) => {
        const send = () => {
          if (sendBy === undefined || now() < sendBy) return request.end(body);
          settle({ kind: "not_sent" });
          return request.destroy();
        };
        if (socket.connecting) socket.once(isHttps ? "secureConnect" : "connect", send);
        else send();
      });
    });
};
