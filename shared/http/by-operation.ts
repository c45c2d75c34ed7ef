import type { EndpointHandler } from "./endpoint.ts";
import { problem, withRequestId } from "./problem.ts";

/** An operation of the OpenAPI document, and what answers it. */
export type AnsweredOperation = readonly [
  operation: { readonly method: string; readonly path: string },
  handler: EndpointHandler,
];

/**
 * Puts several operations before one function, for operations that need the same permissions. The gateway says which of its
 * routes a request came by.
 */
export const byOperation = (...answered: readonly AnsweredOperation[]): EndpointHandler => {
  const handlers = new Map(answered.map(([{ method, path }, handler]) => [`${method} ${path}`, handler]));
  return async (event) => {
    const { routeKey } = Object(event) as { readonly routeKey?: unknown };
    const handler = handlers.get(String(routeKey));
    // A route that leads here, and that the function does not know: it is deployed with another document.
    return handler === undefined ? withRequestId(problem("unknown_path"), crypto.randomUUID()) : handler(event);
  };
};
