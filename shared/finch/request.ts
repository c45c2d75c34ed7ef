import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Undecided } from "../connection/finch-port.ts";
import type { Secret } from "../secret.ts";

/** The version of Finch's API that Perch speaks; sent with every call. */
const apiVersion = "2020-09-17";
/** Far above what the calls here answer; a longer answer is not read on. */
const longestAnswerBytes = 1_048_576;

/** A call of Finch's API. */
export interface FinchCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The value of the `Authorization` header; none for `/auth/token`. */
  readonly authorization?: Secret;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** An answer that came whole. */
export interface FinchAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** The parsed JSON object; undefined if it is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly requestId: string | undefined;
}

/** Sends a call once, and says what came back or that nothing is known. Never throws for what the network does. */
export type SendToFinch = (call: FinchCall) => Promise<FinchAnswer | Undecided>;

/**
 * Calls Finch over `node:https`. Neither `fetch` nor Finch's SDK: both load undici at the first call (20–35 ms of a cold
 * start), and the SDK's repeats would send a single-use code twice. Redirects are not followed.
 */
export const createSendToFinch = (baseUrl: string): SendToFinch => {
  const base = new URL(baseUrl);
  const isHttps = base.protocol === "https:";
  const agent = isHttps ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const start = isHttps ? httpsRequest : httpRequest;

  return ({ method, path, authorization, body, timeoutMs }) =>
    new Promise((resolve) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const request = start(new URL(path, base), {
        method,
        agent,
        headers: {
          accept: "application/json",
          "finch-api-version": apiVersion,
          "user-agent": "perch",
          ...(authorization && { authorization: authorization.reveal() }),
          ...(payload && { "content-type": "application/json", "content-length": payload.length }),
        },
      });
      const settle = (outcome: FinchAnswer | Undecided) => {
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
            settle({ kind: "undecided", reason: "unreadable" });
            request.destroy();
          }
        });
        response.on("error", () => settle({ kind: "undecided", reason: "unreachable" }));
        response.on("aborted", () => settle({ kind: "undecided", reason: "unreachable" }));
        response.on("end", () =>
          settle({
            kind: "answer",
            status: response.statusCode ?? 0,
            body: parseObject(Buffer.concat(chunks).toString("utf8")),
            requestId: response.headers["finch-request-id"]?.toString(),
          }),
        );
      });
      request.end(payload);
    });
};

const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};
