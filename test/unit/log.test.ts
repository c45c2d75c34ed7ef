import { describe, expect, it } from "vitest";
import { createLog, describeError, type LogFields } from "#shared/log.ts";

const written = (write: (log: ReturnType<typeof createLog>) => void): unknown[] => {
  const lines: unknown[] = [];
  write(createLog((line) => void lines.push(JSON.parse(line))));
  return lines;
};

describe("a log line", () => {
  it("has the fields that are on the list, and drops what is not, whatever is handed over", () => {
    const request = { customer_id: "acme", access_token: "a-token", body: { code: "a-code" }, reason: undefined };
    expect(written((log) => log.info("received", request as LogFields))).toEqual([
      { level: "INFO", message: "received", customer_id: "acme" },
    ]);
  });

  it("tells of an error its name and where, and never what it says", () => {
    const error = new TypeError("the token is a-token\n    at a-token");
    const [line] = written((log) => log.error("failed", describeError(error)));
    expect(line).toMatchObject({ level: "ERROR", error_name: "TypeError" });
    expect(written((log) => log.error("failed", describeError("a-token")))).toEqual([
      { level: "ERROR", message: "failed", error_name: "string" },
    ]);
  });
});
