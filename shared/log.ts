/**
 * The only fields that a log line may have. An allow-list, so that a token, a code or a body cannot reach a log by being
 * part of an object that somebody logs: what is not named here does not compile, and is dropped at run time.
 */
const loggable = [
  "request_id",
  "finch_request_id",
  "operation",
  "http_status",
  "duration_ms",
  "customer_id",
  "connection_id",
  "session_id",
  "page_session_id",
  "finch_event_id",
  "token_id",
  "provider_id",
  "reason",
  "attempt",
  "count",
  "lag_minutes",
  "error_name",
  "error_stack",
] as const;

/** Fields of a log line. */
export type LogFields = { readonly [Field in (typeof loggable)[number]]?: string | number | undefined };

/** Writes structured log lines: one JSON object each, with `level` and `message`. */
export interface Log {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

/** Creates a log that hands each finished line to `write` (standard output in a function). */
export const createLog = (write: (line: string) => void): Log => {
  const at =
    (level: "INFO" | "WARN" | "ERROR") =>
    (message: string, fields: LogFields = {}) => {
      const line: Record<string, unknown> = { level, message };
      for (const field of loggable) if (fields[field] !== undefined) line[field] = fields[field];
      write(JSON.stringify(line));
    };
  return { info: at("INFO"), warn: at("WARN"), error: at("ERROR") };
};

/**
 * What may be logged of something thrown: its class and where, never its message, which can quote a request or an answer.
 */
export const describeError = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return { error_name: error.name, ...(frames && { error_stack: frames.slice(0, 8).join("\n") }) };
};
