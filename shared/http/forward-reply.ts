import { isUtf8 } from "node:buffer";
import { isNotAsked } from "../connection/finch-port.ts";
import type { FinchReply, ForwardAnswer } from "../use/forward-request.ts";
import { finchProblem } from "./finch-problem.ts";
import { problem } from "./problem.ts";
import { json, neverStored, type Reply } from "./reply.ts";

/** What Lambda takes as an answer, in bytes of its JSON (AWS Lambda quotas: 6 MB). */
export const longestReplyBytes = 6_291_556;

/** In JSON, one byte of text takes six at most. */
const longestEscape = 6;
const roomForHeaders = 65_536;

/** Finch's answer, or why there is none, as the reply to who asked for it. */
export const forwardReply = (answer: ForwardAnswer, mayRepeat: boolean): Reply => {
  switch (answer.kind) {
    case "reply":
      return passOn(answer);
    case "too_large":
      return problem("answer_too_large");
    case "redirect":
      return problem("finch_refused", {
        detail: "Finch answered with a redirect, which is not followed with a token.",
      });
    case "undecided":
      // Nothing was sent: the answer is Finch's own, only that it came without a request of those that Finch counts.
      if (isNotAsked(answer)) return tooManyReply(answer.retryAfterSeconds);
      return mayRepeat ? finchProblem(answer) : withoutRetry(finchProblem(answer));
  }
};

/** Status, headers and bytes as they came: as text while that fits, else in base64, which takes four bytes for three. */
const passOn = ({ status, headers, body }: FinchReply): Reply => {
  const reply = { statusCode: status, headers: { ...headers, ...neverStored } };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isUtf8(bytes)) {
    const asText = { ...reply, body: bytes.toString("utf8") };
    if (bytes.byteLength * longestEscape + roomForHeaders < longestReplyBytes) return asText;
    if (Buffer.byteLength(JSON.stringify(asText)) < longestReplyBytes) return asText;
  }
  return { ...reply, body: bytes.toString("base64"), isBase64Encoded: true };
};

/** Finch's own error, answered in its place: it would say the same, and there is no use in asking again (Finch's SDK obeys). */
const inFinchsPlace = (status: number, name: string, finchCode: string, message: string): Reply =>
  withoutRetry(json(status, { code: status, statusCode: status, status, name, finch_code: finchCode, message }));

/** What Finch answers for a connection whose customer must sign in again. */
export const needsCustomerReply = (): Reply =>
  inFinchsPlace(401, "authentication_error", "reauthenticate_user", "Please reauthenticate user");

/** What Finch answers beyond its limit, and when it is worth asking again (RFC 9110 section 10.2.3). */
const tooManyReply = (retryAfterSeconds: number): Reply => {
  const reply = inFinchsPlace(429, "rate_limit_exceeded_error", "finch_application_rl", "Too many requests for token");
  return { ...reply, headers: { ...reply.headers, "retry-after": `${retryAfterSeconds}` } };
};

/** The reply, with the word to Finch's SDK that asking again brings nothing. */
export const withoutRetry = (reply: Reply): Reply => ({
  ...reply,
  headers: { ...reply.headers, "x-should-retry": "false" },
});
