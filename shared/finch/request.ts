import type { Undecided } from "../connection/finch-port.ts";
import type { Secret } from "../secret.ts";
import type { Transport } from "./transport.ts";

/** The version of Finch's API that Perch speaks; sent with every call of its own. */
export const apiVersion = "2020-09-17";
/** Far above what most calls answer. */
const usualAnswerBytes = 1_048_576;

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

/** Calls Finch's API with JSON, both ways. An answer of more than `longestAnswerBytes` counts as none. */
export const createSendToFinch =
  (transport: Transport, longestAnswerBytes = usualAnswerBytes): SendToFinch =>
  async ({ method, path, authorization, body, timeoutMs }) => {
    const answer = await transport({
      ...{ method, path, timeoutMs, longestAnswerBytes },
      headers: {
        accept: "application/json",
        "finch-api-version": apiVersion,
        "user-agent": "perch",
        ...(authorization && { authorization: authorization.reveal() }),
        ...(body && { "content-type": "application/json" }),
      },
      body: body && Buffer.from(JSON.stringify(body)),
    });
    if (answer.kind === "too_large") return { kind: "undecided", reason: "unreadable" };
    if (answer.kind === "not_sent") return { kind: "undecided", reason: "unreachable" };
    if (answer.kind === "undecided") return answer;
    return {
      kind: "answer",
      status: answer.status,
      body: parseObject(answer.body),
      requestId: answer.headers["finch-request-id"]?.toString(),
    };
  };

/** The JSON object in an answer; undefined if it is none. */
export const parseObject = (bytes: Buffer): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};
