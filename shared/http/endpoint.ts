import middy from "@middy/core";
import { describeError, type Log, type LogFields } from "../log.ts";
import { type GatewayRequest, readGatewayEvent } from "./gateway-event.ts";
import type { Operation, ValidRequest } from "./operation.ts";
import { parseRequest } from "./parse-request.ts";
import { withRequestId } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Answers a valid request. Expected refusals are replies; bugs and outages throw. */
export type Respond<Path, Query, Body> = (request: ValidRequest<Path, Query, Body>) => Reply | Promise<Reply>;

/** A Lambda handler behind an HTTP API (payload format 2.0). It never throws. */
export type EndpointHandler = (event: unknown) => Promise<Reply>;

/**
 * Puts an operation of the OpenAPI document behind the gateway: holds each request against the document, answers what
 * does not fit with a 4xx that names the field, lets `respond` answer the rest, and turns what it throws into a 500 that
 * says nothing. One line is logged per request.
 *
 * @param operation from `#generated/operations/<operation>.js`.
 * @param now milliseconds on a clock that only moves forward.
 */
export const endpoint = <Path, Query, Body>(
  operation: Operation<Path, Query, Body>,
  log: Log,
  respond: Respond<Path, Query, Body>,
  now: () => number = () => performance.now(),
): EndpointHandler => {
  // What middy carries from stage to stage: our own reading of the event, which each stage makes more precise.
  interface Exchange {
    readonly request: GatewayRequest;
    readonly note: (fields: LogFields) => void;
    valid?: ValidRequest<Path, Query, Body>;
  }

  const stages = middy<Exchange, Reply>({
    // An early answer would leave the work frozen half-way, to go on inside some later request. A function that runs
    // out of time is ended by Lambda; what it calls has shorter limits of its own.
    timeoutEarlyInMillis: 0,
  })
    .before(({ event }) => {
      const { request, note } = event;
      const parsed = parseRequest(operation, request);
      if (!parsed.ok) {
        note({ reason: parsed.refusal.code });
        return operation.refuse(parsed.refusal);
      }
      const { method, rawQuery, headers, cookies, requestId, caller } = request;
      note(identifiersIn(parsed.value.path));
      event.valid = { ...parsed.value, method, rawQuery, headers, cookies, requestId, caller, note };
      return undefined;
    })
    .onError(({ event, error }) => {
      event.note({ reason: "internal_error", ...describeError(error) });
      return operation.refuse({ code: "internal_error" });
    })
    .handler(async ({ valid }: Exchange) => {
      if (valid === undefined) throw new Error("the request was not parsed");
      return respond(valid);
    });

  return async (event) => {
    const startedAt = now();
    const request = readGatewayEvent(event);
    let noted: LogFields = {};
    const note = (fields: LogFields): void => {
      noted = { ...noted, ...fields };
    };
    // The Lambda context is left out: middy would use it for early time-outs only.
    const answered: Reply = await stages({ request, note }, {} as never);
    const reply = withRequestId(answered, request.requestId);
    const line = {
      ...noted,
      operation: operation.name,
      http_status: reply.statusCode,
      duration_ms: Math.round(now() - startedAt),
      request_id: request.requestId,
    };
    if (reply.statusCode >= 500) log.error("request failed", line);
    else log.info("request answered", line);
    return reply;
  };
};

/** The identifiers in a path that the log may have: they have passed their patterns by now. */
const identifiersIn = (path: unknown): LogFields => {
  const { customer_id, connection_id, session_id } = path as Pick<
    LogFields,
    "customer_id" | "connection_id" | "session_id"
  >;
  return { customer_id, connection_id, session_id };
};
