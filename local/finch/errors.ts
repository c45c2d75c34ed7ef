/**
 * Finch's error bodies (Finch API 2020-09-17, "Error Types" and "Error Handling").
 *
 * Real bodies repeat the HTTP status as `code`, `statusCode` and `status`, so the simulator does too.
 */
import { jsonReply, type Reply } from "./http.ts";

type ErrorBody = readonly [status: number, name: string, finchCode: string | null, message: string];

const bodies = {
  invalid_grant_error: [400, "invalid_grant_error", null, "Invalid grant: authorization code is invalid"],
  // The name that was seen in the field, while the documentation spells it as above.
  invalid_grant: [400, "invalid_grant", null, "Invalid grant: authorization code is invalid"],
  bad_request: [400, "bad_request", "invalid_request", "The request is invalid"],
  validation_error: [400, "validation_error", null, "The request did not validate"],
  invalid_client_error: [401, "invalid_client_error", null, "Client credentials are invalid"],
  invalid_token_error: [401, "invalid_token_error", null, "Access token is invalid"],
  unauthorized_request_error: [401, "unauthorized_request_error", null, "No access token was sent"],
  invalid_request_error: [401, "invalid_request_error", null, "The request does not match the documentation"],
  reauthenticate_user: [401, "authentication_error", "reauthenticate_user", "Please reauthenticate user"],
  account_setup_required: [401, "authentication_error", "account_setup_required", "The employer must finish its setup"],
  payment_required: [402, "payment_required", "payment_required", "This application has unpaid invoices"],
  error_permissions: [403, "error_permissions", "insufficient_account_permissions", "The account lacks permissions"],
  insufficient_scope_error: [403, "insufficient_scope_error", null, "The access token does not cover this product"],
  not_found_error: [404, "not_found_error", "item_not_found", "Not found"],
  individual_not_found: [404, "not_found_error", "individual_not_found", "Individual not found"],
  benefit_not_found: [404, "not_found_error", "benefit_not_found", "Benefit not found"],
  payment_not_found: [404, "not_found_error", "payment_not_found", "Payment not found"],
  enrollment_not_found: [404, "bad_request", "enrollment_not_found", "Enrollment not found"],
  client_connection_closed: [408, "client_connection_closed", null, "The client closed the connection"],
  unsupported_parameters: [422, "unprocessable_request_error", "unsupported_parameters", "Unsupported parameters"],
  invalid_employee_enrollment: [
    422,
    "unprocessable_request_error",
    "invalid_employee_enrollment",
    "This employee cannot be enrolled",
  ],
  rate_limit: [429, "rate_limit_exceeded_error", "finch_application_rl", "Too many requests for token"],
  finch_api_ip_rl: [429, "rate_limit_exceeded_error", "finch_api_ip_rl", "Too many requests from this address"],
  finch_auth_ip_rl: [429, "rate_limit_exceeded_error", "finch_auth_ip_rl", "Too many requests from this address"],
  upstream_rate_limit_exceeded: [
    429,
    "rate_limit_exceeded_error",
    "upstream_rate_limit_exceeded",
    "The provider limits requests",
  ],
  server_error: [500, "server_error", null, "Something went wrong"],
  not_implemented_error: [501, "not_implemented_error", null, "The provider does not support this"],
  bad_gateway: [502, "bad_gateway_error", "upstream_provider_error", "The provider failed"],
  // Not an error by its status, which is why clients take it for an empty answer.
  data_sync_in_progress: [
    202,
    "accepted",
    "data_sync_in_progress",
    "The data is being fetched. Please check back later.",
  ],
} as const satisfies Record<string, ErrorBody>;

/** The simulator's name for one of Finch's error bodies. */
export type ErrorKind = keyof typeof bodies;

/** Every error kind, in the order of their status. */
export const errorKinds = Object.keys(bodies) as readonly ErrorKind[];

/**
 * Finds the error that a name means: the simulator's own name for it, else Finch's `finch_code`, else Finch's `name`.
 *
 * @returns undefined for a name that Finch's documentation does not know.
 */
export const findErrorKind = (name: string): ErrorKind | undefined =>
  errorKinds.find((kind) => kind === name) ??
  errorKinds.find((kind) => bodies[kind][2] === name) ??
  errorKinds.find((kind) => bodies[kind][1] === name);

/** The reply for one of Finch's errors; `message` replaces the usual text, for instance to name the bad field. */
export const errorReply = (kind: ErrorKind, message?: string): Reply => {
  const [status, name, finchCode, usualMessage]: ErrorBody = bodies[kind];
  return jsonReply(status, {
    code: status,
    statusCode: status,
    status,
    name,
    ...(finchCode === null ? {} : { finch_code: finchCode }),
    message: message ?? usualMessage,
  });
};

/** The reply for a body that is no JSON object. */
export const notJson = (): Reply => errorReply("bad_request", "The body must be a JSON object");
