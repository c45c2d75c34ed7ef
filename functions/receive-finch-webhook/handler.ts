import { operation } from "#generated/operations/receive-finch-webhook.js";
import { type ReceiveWebhookDependencies, receiveWebhook } from "#shared/connection/receive-webhook.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { noContent, type Reply } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";

/** POST /webhooks/finch: Finch tells that something changed. */
export const createHandler = ({ log, ...deps }: ReceiveWebhookDependencies & { readonly log: Log }) => {
  const receive = receiveWebhook(deps);

  return endpoint(operation, log, async ({ headers, body, note }) => {
    const received = await receive({ headers, body });
    if (!received.ok) {
      note({ reason: received.refusal });
      return received.refusal === "unreadable" ? notJson() : notSigned();
    }
    const { finchEventId, connectionId } = received.value;
    note({ finch_event_id: finchEventId, connection_id: connectionId });
    return noContent();
  });
};

/** The same whatever is wrong with the signature: the log knows more, a forger does not. */
const notSigned = (): Reply => {
  const reply = problem("invalid_signature");
  // A 401 names what it asks for (RFC 9110 section 15.5.2).
  return { ...reply, headers: { ...reply.headers, "www-authenticate": "Finch-Signature" } };
};

const notJson = (): Reply =>
  problem("invalid_request", { errors: [{ field: "body", message: "must be a JSON object" }] });
