/** `POST /forward`: a request straight to the provider, whose answer Finch passes on as it is. */
import { findBearer } from "./credentials.ts";
import { troubleOf } from "./employer.ts";
import { errorReply, notJson } from "./errors.ts";
import { asObject, type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import type { Simulation } from "./model.ts";

const methods = ["GET", "POST", "PUT", "DELETE", "PATCH"] as const;

/**
 * Sends a request to the provider of the connection. The simulated provider answers with what it was sent, and at
 * `/status/NNN` with that status and nothing, as a provider may that says no.
 */
export const forward = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const trouble = troubleOf(bearer.connection.status);
  if (trouble) return errorReply(trouble);
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const { method, route, data = null } = body;
  const [headers, params] = [body["request_headers"] ?? null, body["params"] ?? null];
  if (!methods.some((known) => known === method)) {
    return errorReply("bad_request", `method must be one of ${methods.join(", ")}`);
  }
  if (typeof route !== "string" || !/^(\/[\w-]*)+$/.test(route)) {
    return errorReply("bad_request", "route must begin with / and have letters, digits, hyphens and underscores only");
  }
  const isObject = (value: unknown) => value === null || asObject(value) !== undefined;
  if (!isObject(headers)) return errorReply("bad_request", "request_headers must be an object");
  if (!isObject(params)) return errorReply("bad_request", "params must be an object");
  if (typeof data !== "string" && !isObject(data)) return errorReply("bad_request", "data must be a string");
  const request = { method, route, headers, params, data };
  const [, status] = /^\/status\/([2-5]\d\d)$/.exec(route) ?? [];
  return jsonReply(200, {
    request,
    statusCode: Number(status ?? 200),
    headers: { "content-type": "application/json", "x-simulated-provider": bearer.connection.providerId },
    data: status === undefined ? JSON.stringify({ echo: request }) : null,
  });
};
