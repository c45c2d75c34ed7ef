import { findBreaches } from "./http-contract.ts";
import type { FuzzCase } from "./schemathesis.ts";

/** Refused for what stands in no schema: where a cursor comes from, what the two modes or the stage take, what Finch says. */
const beyondTheSchema = new Set([
  "query.cursor must be the next_cursor of an earlier page, unchanged",
  "body.return_url must be left out in mode embedded: the customer does not leave your page",
  "body.language must be one of the stage's languages en, es",
  "body.provider_id must be a provider that Finch can connect",
  "body.access_token must be valid at Finch, and its connection signed in",
  "body must be acceptable to Finch: see detail",
]);

/** The most bytes that the gateway promises to take of a request's line and headers (AWS's quota for HTTP APIs). */
const longestHead = 10_240;

/**
 * Whether the gateway has answered in Perch's place, as it does to every operation: a head that is too long, or a preflight
 * request, which the emulated one keeps to itself and AWS's hands to the `$default` route.
 */
export const isOfGateway = ({ method, target, status }: FuzzCase): boolean =>
  (method === "OPTIONS" && status === 403) || (status === 431 && target.length > longestHead);

/**
 * What is wrong with an answer, one sentence each: it is a 5xx, it is not in the document, it lets in what the document
 * refuses, or it refuses what the document allows.
 */
export const judgeFuzzCase = (fuzzed: FuzzCase): readonly string[] => {
  const { method, target, status, text } = fuzzed;
  const about = `${method} ${target.slice(0, 300)} answered ${status}`;
  const [path = ""] = target.split(/[?#]/);
  const breaches = isBare(fuzzed) ? [] : findBreaches(method, path, fuzzed);
  return [
    ...(status >= 500 ? [`${about}: ${text.slice(0, 300)}`] : []),
    ...breaches.map((breach) => `${about}: ${breach}`),
    ...fuzzed.failures.map((failure) => `${about}: ${failure}`),
    ...wrongRefusals(fuzzed).map((refusal) => `${about}, though the document allows it: ${refusal}`),
  ];
};

/** What HEAD is answered with has no body, whatever its path. */
const isBare = ({ method, status }: FuzzCase): boolean => method === "HEAD" && status === 404;

/** The fields for which a request is refused that matches the document. */
const wrongRefusals = ({ mode, status, text, headers }: FuzzCase): readonly string[] => {
  if (mode !== "positive" || status !== 400 || headers.get("content-type") !== "application/problem+json") return [];
  const problem: { type: string; errors?: readonly { field: string; message: string }[] } = JSON.parse(text);
  if (problem.type !== "urn:perch:problem:invalid_request") return [];
  return (problem.errors ?? [])
    .map(({ field, message }) => `${field} ${message}`)
    .filter((refusal) => !beyondTheSchema.has(refusal));
};
