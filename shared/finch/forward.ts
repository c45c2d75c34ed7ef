import type { ForwardToFinch } from "../use/forward-request.ts";
import { isError } from "./answers.ts";
import { apiVersion, parseObject } from "./request.ts";
import type { RawAnswer, Transport } from "./transport.ts";

/** What one answer may have, so that a reply with it stays under Lambda's 6 MB even in base64. */
const longestAnswerBytes = 4 * 1_048_576;

/** What of a request's headers Finch is told. Everything else is between the platform and Perch. */
const told = ["accept", "content-type", "finch-api-version"] as const;

/** A header's value (RFC 9110 section 5.5), as far as these three need it. */
const plain = /^[\t\x20-\x7e]{1,256}$/;

/** What of an answer's headers the platform is told, beside all of Finch's own. */
const passedOn = [
  "content-type",
  "content-encoding",
  "content-language",
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
];

/**
 * Passes requests on to Finch with the token put in, and answers back, status, headers and bytes as they came. The token is
 * in no other header, and goes to Finch's own address only.
 */
export const createForwardToFinch =
  (transport: Transport, now: () => Date): ForwardToFinch =>
  async ({ method, path, query, headers, body }, accessToken, deadline) => {
    const timeoutMs = deadline.getTime() - now().getTime();
    // Too late to hear of it: nothing is sent.
    if (timeoutMs <= 0) return { kind: "undecided", reason: "timeout" };
    const text = query.toString();
    const named = Object.fromEntries(
      told.flatMap((name) => (plain.test(headers[name] ?? "") ? [[name, headers[name]]] : [])),
    );
    const answer = await transport({
      method,
      path: text === "" ? path : `${path}?${text}`,
      headers: {
        accept: "application/json",
        "finch-api-version": apiVersion,
        ...named,
        // Whatever compresses its answers has to be asked for it.
        "accept-encoding": "identity",
        "user-agent": "perch",
        authorization: `Bearer ${accessToken.reveal()}`,
      },
      body: body.byteLength > 0 ? body : undefined,
      timeoutMs,
      longestAnswerBytes,
    });
    if (answer.kind === "not_sent") return { kind: "undecided", reason: "unreachable" };
    if (answer.kind !== "answer") return answer;
    if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) return { kind: "redirect" };
    return {
      kind: "reply",
      status: answer.status,
      headers: headersOf(answer),
      body: answer.body,
      needsCustomer: answer.status === 401 && isError(parseObject(answer.body), "reauthenticate_user"),
    };
  };

const headersOf = ({ headers }: RawAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      (name.startsWith("finch-") || passedOn.includes(name)) && value !== undefined
        ? [[name, Array.isArray(value) ? value.join(", ") : value]]
        : [],
    ),
  );
