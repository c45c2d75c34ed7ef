/** Problem documents. It is long because every type has its words here. */
import type { FieldError, Refuse } from "./operation.ts";
import { jsonText, type Reply } from "./reply.ts";

/** All problem types, each stable as `urn:perch:problem:<code>`. The OpenAPI document lists the same. */
export const problemTypes = {
  invalid_request: {
    status: 400,
    title: "The request is not valid.",
    detail: "Correct the fields that errors names and send the request again.",
  },
  return_url_not_allowed: {
    status: 400,
    title: "The return URL is not allowed.",
    detail: "Use an origin that is listed in the stage's return origins.",
  },
  invalid_state: {
    status: 400,
    title: "The state is not valid.",
    detail: "Start a new embedded session for this customer and use its state. Nothing was changed.",
  },
  invalid_grant: {
    status: 400,
    title: "Finch did not accept the authorization code.",
    detail: "The session has failed. Start a new one and let the customer connect again.",
  },
  invalid_signature: {
    status: 401,
    title: "The webhook is not signed by Finch.",
    detail: "Only what Finch has signed with a current secret, in the last five minutes, is accepted here.",
  },
  page_session_ended: {
    status: 401,
    title: "The page session is over.",
    detail: "Open the connections page again from the application that you came from.",
  },
  not_same_origin: {
    status: 403,
    title: "The call does not come from the connections page.",
    detail: "Send it from the page, as JSON, with the browser's own Origin.",
  },
  not_found: {
    status: 404,
    title: "Not found.",
    detail: "Nothing with this identifier belongs to this customer.",
  },
  unknown_path: {
    status: 404,
    title: "Unknown path.",
    detail: "No operation has this path and method; /openapi.json lists them.",
  },
  connection_limit_reached: {
    status: 409,
    title: "The customer has reached its number of connections.",
    detail: "The customer is in mode single. Disconnect its connection first, or set mode to multiple.",
  },
  connection_conflict: {
    status: 409,
    title: "The connection belongs to another customer.",
    detail: "Nothing was changed. Let the customer sign in with an account of its own.",
  },
  customer_mismatch: {
    status: 409,
    title: "Finch names another customer for the connection.",
    detail: "Nothing was kept. Connect it for the customer that it was made for.",
  },
  not_forwarded: {
    status: 403,
    title: "This is not forwarded to Finch.",
    detail: "The API's document lists what is. The operator of this deployment may add to it.",
  },
  customer_deleting: {
    status: 409,
    title: "The customer is being deleted.",
    detail: "Nothing new begins for it. Once CustomerDeleted has come, the identifier may be used again.",
  },
  too_many_connections: {
    status: 409,
    title: "The customer has too many connections for one roster.",
    detail:
      "A roster has 5,000 connections at most. Disconnect those that nobody uses, or divide them among customers.",
  },
  wrong_account: {
    status: 409,
    title: "Another account was signed in.",
    detail: "The connection to sign in again is as it was. Start another session and use the same account as before.",
  },
  wrong_client_type: {
    status: 409,
    title: "The connection is of another environment.",
    detail: "Use the Finch application of this stage.",
  },
  connection_changed: {
    status: 409,
    title: "The connection has changed.",
    detail: "Look at it again. Nothing was changed by this request.",
  },
  connection_disconnecting: {
    status: 409,
    title: "The connection is being disconnected.",
    detail: "Wait for ConnectionDisconnected, then connect anew.",
  },
  connection_held: {
    status: 409,
    title: "The connection is held.",
    detail: "The customer has the connection, and it is held. Accept or discard it first.",
  },
  last_entity: {
    status: 409,
    title: "The connection has no other entity.",
    detail: "Disconnect the connection instead, with DELETE /v1/customers/{customer_id}/connections/{connection_id}.",
  },
  not_held: {
    status: 409,
    title: "The connection is not held.",
    detail: "It is in use; there is nothing to accept.",
  },
  exchange_in_progress: {
    status: 409,
    title: "The exchange is in progress.",
    detail: "The customer has come back from Finch. Read the session for its outcome.",
  },
  session_ended: {
    status: 409,
    title: "The Connect session has ended.",
    detail: "It has completed, failed or expired; read it for its outcome.",
  },
  reauthentication_required: {
    status: 409,
    title: "The connection needs its customer.",
    detail: "Let the customer sign in to the provider again.",
  },
  product_not_granted: {
    status: 409,
    title: "No access token of the connection opens these products.",
    detail: "Start a Connect session with these products and let the customer sign in.",
  },
  link_used: {
    status: 410,
    title: "The link has been used.",
    detail: "A link opens the connections page once. Open the page again from the application that you came from.",
  },
  link_expired: {
    status: 410,
    title: "The link does not work any more.",
    detail: "A link works for a few minutes. Open the connections page again from the application that you came from.",
  },
  answer_too_large: {
    status: 413,
    title: "Finch's answer is too large to be passed on.",
    detail:
      "Ask for fewer items with limit and offset, or for fewer at once; or call Finch yourself with a token from " +
      "POST /v1/customers/{customer_id}/connections/{connection_id}/access-token.",
  },
  payload_too_large: { status: 413, title: "The request body is too large.", detail: "Send fewer bytes." },
  budget_used_up: {
    status: 429,
    title: "What may be asked of Finch is used up for now.",
    detail: "Nothing was sent to Finch. Send the same request again after retry_after seconds.",
  },
  internal_error: {
    status: 500,
    title: "Something went wrong in Perch.",
    detail: "Try again. If it stays, quote request_id to the operator of this deployment.",
  },
  finch_refused: {
    status: 502,
    title: "Finch refused the call.",
    detail: "The operator of this deployment must look into it.",
  },
  token_lost: {
    status: 502,
    title: "The token could not be kept.",
    detail: "The session has failed. Let the customer connect again.",
  },
  token_too_large: {
    status: 502,
    title: "The token is too large.",
    detail:
      "Finch issued a token that is larger than Perch can keep. The operator of this deployment must look into it.",
  },
  finch_unavailable: {
    status: 503,
    title: "Finch cannot be used at the moment.",
    detail: "Try again after retry_after seconds.",
  },
  exchange_unavailable: {
    status: 503,
    title: "The exchange cannot be run at the moment.",
    detail: "Send the same request again after retry_after seconds; it continues where this one stopped.",
  },
  finch_timeout: {
    status: 504,
    title: "Finch did not answer in time.",
    detail: "Try again after retry_after seconds.",
  },
} as const satisfies Record<string, { readonly status: number; readonly title: string; readonly detail: string }>;

/** The last part of a problem's `type`. */
export type ProblemCode = keyof typeof problemTypes;

/** What one occurrence of a problem adds to its type. */
export interface ProblemDetails {
  /** Replaces the type's own sentence. */
  readonly detail?: string;
  /** What the problem is about, a URI reference. */
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which a repetition makes sense; also sent as `Retry-After` (RFC 9110 section 10.2.3). */
  readonly retryAfter?: number;
}

const mediaType = "application/problem+json";

/** A problem document (RFC 9457). The endpoint adds `request_id`. */
export const problem = (code: ProblemCode, details: ProblemDetails = {}): Reply => {
  const { status, title, detail } = problemTypes[code];
  const { instance, errors, retryAfter } = details;
  const reply = jsonText(
    status,
    JSON.stringify({
      type: `urn:perch:problem:${code}`,
      title,
      status,
      detail: details.detail ?? detail,
      instance,
      errors,
      retry_after: retryAfter,
    }),
    mediaType,
  );
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, "retry-after": String(retryAfter) } };
};

/** The reply with the request's id in it, if it is a problem document; else the same reply. */
export const withRequestId = (reply: Reply, requestId: string): Reply =>
  reply.headers["content-type"] === mediaType
    ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), request_id: requestId }) }
    : reply;

/**
 * Words the endpoint's own refusals as problem documents.
 *
 * @public The generated operations import it.
 */
export const refuseWithProblem: Refuse = (refusal) => {
  switch (refusal.code) {
    case "invalid_request":
      return problem("invalid_request", { errors: refusal.errors });
    case "payload_too_large":
      return problem("payload_too_large", { detail: `Send at most ${refusal.bodyLimit} bytes.` });
    case "internal_error":
      return problem("internal_error");
  }
};
