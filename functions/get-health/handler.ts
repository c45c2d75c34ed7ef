import { operation } from "#generated/operations/get-health.js";
import { endpoint } from "#shared/http/endpoint.ts";
import { json } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** GET /health: the gateway reaches a function, and the function runs. */
export const createHandler = ({ log }: { readonly log: Log }) =>
  endpoint(operation, log, () => json(200, { status: "ok" }));
