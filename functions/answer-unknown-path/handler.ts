import { operation } from "#generated/operations/answer-unknown-path.js";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import type { Log } from "#shared/log.ts";

/** $default: whatever no other route takes. */
export const createHandler = ({ log }: { readonly log: Log }) =>
  endpoint(operation, log, () => problem("unknown_path"));
