import type { FieldError } from "#shared/http/operation.ts";
import type { Reply } from "#shared/http/reply.ts";
import { createLog, type Log } from "#shared/log.ts";

/** A log that keeps its lines. */
export const createLogRecorder = (): { readonly log: Log; readonly lines: Record<string, unknown>[] } => {
  const lines: Record<string, unknown>[] = [];
  return { log: createLog((line) => lines.push(JSON.parse(line))), lines };
};

/** What an HTTP API sends, as far as the endpoint reads it. */
export const anEvent = (parts: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: "2.0",
  rawPath: "/",
  headers: { "content-type": "application/json" },
  requestContext: { requestId: "JKJaXmPLvHcESHA=", http: { method: "GET" } },
  isBase64Encoded: false,
  ...parts,
});

/** The problem document in a reply. */
export const problemIn = (
  reply: Reply,
): { readonly type: string; readonly detail: string; readonly errors?: readonly FieldError[] } => {
  if (reply.headers["content-type"] !== "application/problem+json") throw new Error(`no problem: ${reply.body}`);
  return JSON.parse(reply.body);
};
