import { ok, type Result, refuse } from "../result.ts";
import type { NudgeChecks } from "./check-request.ts";
import type { ConnectionId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import { readWebhookEvent } from "./webhook-event.ts";
import { type SignatureRefusal, type SignedWebhook, type VerifiedWebhook, verifyWebhook } from "./webhook-signature.ts";

/** The keys that Finch signs webhooks with: none where the application has no webhooks, two during a rotation. */
export interface WebhookKeys {
  /** As they were known a short time ago at most. */
  readonly read: () => Promise<readonly Uint8Array[]>;
  /** As they are now; undefined if they were read moments ago, so that forgeries make no flood of reads. */
  readonly readAnew: () => Promise<readonly Uint8Array[] | undefined>;
}

export interface ReceiveWebhookDependencies extends Pick<Surroundings, "now"> {
  readonly keys: WebhookKeys;
  readonly nudgeChecks: NudgeChecks;
}

/** What became of a webhook that Finch has signed. */
export interface ReceivedWebhook {
  readonly finchEventId: string;
  /** Undefined when it asks for nothing. */
  readonly connectionId: ConnectionId | undefined;
}

/** Why a webhook is refused; `unreadable` is what Finch has signed and is no JSON object. */
export type WebhookRefusal = SignatureRefusal | "unreadable";

/**
 * Creates the use case: what Finch has signed, and is about a connection, asks for a look at it. Nothing else is done before
 * Finch has its answer, and of the body nothing is kept.
 */
export const receiveWebhook =
  ({ now, keys, nudgeChecks }: ReceiveWebhookDependencies) =>
  async (webhook: SignedWebhook): Promise<Result<ReceivedWebhook, WebhookRefusal>> => {
    const receivedAt = now();
    const verified = await verifyWithCurrentKeys(keys, webhook, receivedAt);
    if (!verified.ok) return verified;
    const { finchEventId } = verified.value;
    const event = readWebhookEvent(webhook.body);
    if (event === undefined) return refuse("unreadable");
    const { connectionId, isAboutCompany } = event;
    if (connectionId !== undefined) {
      const reason = isAboutCompany ? "company" : "webhook";
      await nudgeChecks([{ customerId: undefined, connectionId, reason, askedAt: receivedAt, finchEventId }]);
    }
    return ok({ finchEventId, connectionId });
  };

/** A secret that was added since the keys were read is found, so that a rotation needs no deploy and no waiting. */
const verifyWithCurrentKeys = async (
  keys: WebhookKeys,
  webhook: SignedWebhook,
  at: Date,
): Promise<Result<VerifiedWebhook, SignatureRefusal>> => {
  const verified = verifyWebhook(webhook, await keys.read(), at);
  if (verified.ok || verified.refusal === "unsigned" || verified.refusal === "out_of_time") return verified;
  const anew = await keys.readAnew();
  return anew === undefined ? verified : verifyWebhook(webhook, anew, at);
};
