import { describe, expect, it } from "vitest";
import { forwardReply, longestReplyBytes, needsCustomerReply } from "#shared/http/forward-reply.ts";

const fourMegabytes = 4 * 1_048_576;

const passedOn = (body: Uint8Array, headers: Record<string, string> = { "content-type": "application/json" }) =>
  forwardReply({ kind: "reply", status: 200, headers, body, needsCustomer: false }, true);

const bytesOf = ({ body, isBase64Encoded = false }: ReturnType<typeof forwardReply>) =>
  Buffer.from(body, isBase64Encoded ? "base64" : "utf8");

describe("Finch's answer as a reply", () => {
  it.each([
    ["nothing", Buffer.alloc(0), false],
    ["JSON", Buffer.from('{"a":"é"}'), false],
    ["what is no text", Buffer.from([0xff, 0xfe, 0x00]), true],
    ["4 MB of plain text", Buffer.alloc(fourMegabytes, "a"), false],
    ["4 MB of quotes, twice as long in JSON", Buffer.alloc(fourMegabytes, '"'), true],
    ["4 MB of control characters, six times as long", Buffer.alloc(fourMegabytes, "\u0001"), true],
    ["4 MB of three-byte characters", Buffer.from("€".repeat(fourMegabytes / 3)), false],
    ["4 MB of what is no text", Buffer.alloc(fourMegabytes, 0xff), true],
  ])("has the same bytes, and fits Lambda's limit: %s", (_, body, isBase64) => {
    const reply = passedOn(body);
    expect(reply.isBase64Encoded ?? false).toBe(isBase64);
    expect(bytesOf(reply).equals(body)).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(reply))).toBeLessThan(longestReplyBytes);
  });

  it("is text up to the last byte that Lambda takes", () => {
    // Escaped, a quote takes two bytes of the reply's JSON; an `a` takes one.
    const rest = Buffer.byteLength(JSON.stringify(passedOn(Buffer.alloc(0))));
    const quotes = Math.floor((longestReplyBytes - rest) / 2) - 1;
    const bodyOf = (jsonBytes: number) => Buffer.from('"'.repeat(quotes) + "a".repeat(jsonBytes - rest - 2 * quotes));
    const [largest, tooLarge] = [passedOn(bodyOf(longestReplyBytes - 1)), passedOn(bodyOf(longestReplyBytes))];
    expect(Buffer.byteLength(JSON.stringify(largest))).toBe(longestReplyBytes - 1);
    expect([largest.isBase64Encoded, tooLarge.isBase64Encoded]).toEqual([undefined, true]);
  });

  it("keeps Finch's headers, and is kept by no cache", () => {
    const { headers } = passedOn(Buffer.from("{}"), {
      "finch-request-id": "f",
      "content-type": "text/plain",
      "cache-control": "public",
    });
    expect(headers).toEqual({
      "finch-request-id": "f",
      "content-type": "text/plain",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });

  it("asks nobody to repeat what may have changed something", () => {
    const notAsked = { kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 12 } as const;
    for (const mayRepeat of [true, false]) {
      const reply = forwardReply(notAsked, mayRepeat);
      expect(reply).toMatchObject({
        statusCode: 429,
        headers: { "retry-after": "12", "x-should-retry": "false", "content-type": "application/json" },
      });
      const expected = {
        code: 429,
        status: 429,
        name: "rate_limit_exceeded_error",
        finch_code: "finch_application_rl",
        message: "Too many requests for token",
      };
      expect(JSON.parse(reply.body)).toMatchObject(expected);
    }
    const undecided = { kind: "undecided", reason: "timeout" } as const;
    expect(forwardReply(undecided, true).headers["x-should-retry"]).toBeUndefined();
    expect(forwardReply(undecided, false)).toMatchObject({ statusCode: 504, headers: { "x-should-retry": "false" } });
  });

  it("says what to do about an answer that is too large, and follows no redirect", () => {
    const tooLarge = forwardReply({ kind: "too_large" }, true);
    expect(tooLarge.statusCode).toBe(413);
    for (const word of ["limit", "offset", "access-token"]) expect(tooLarge.body).toContain(word);
    const redirect = forwardReply({ kind: "redirect" }, true);
    expect([redirect.statusCode, JSON.parse(redirect.body).detail]).toEqual([
      502,
      "Finch answered with a redirect, which is not followed with a token.",
    ]);
  });

  it("in Finch's place has Finch's form, and asks for no retry", () => {
    const { statusCode, headers, body } = needsCustomerReply();
    expect([statusCode, headers["x-should-retry"], headers["content-type"]]).toEqual([
      401,
      "false",
      "application/json",
    ]);
    expect(JSON.parse(body)).toEqual({
      ...{ code: 401, statusCode: 401, status: 401 },
      ...{ name: "authentication_error", finch_code: "reauthenticate_user", message: "Please reauthenticate user" },
    });
  });
});
