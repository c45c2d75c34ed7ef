import { openApiDocument } from "#generated/openapi-document.js";
import { operation } from "#generated/operations/get-openapi.js";
import { endpoint } from "#shared/http/endpoint.ts";
import { jsonText } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** GET /openapi.json: the document that this API is made from. */
export const createHandler = ({ log }: { readonly log: Log }) =>
  endpoint(operation, log, () => jsonText(200, openApiDocument));
