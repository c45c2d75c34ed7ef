/** Sends webhooks to the deployed stack as Finch would, past the simulated Finch. */
import type { Answer } from "./api.ts";
import { readSecrets } from "./aws.ts";
import { sendRaw } from "./raw-request.ts";
import { headersOf, signWebhook } from "./signed-webhook.ts";
import type { WebhookRequest } from "./webhook-forgeries.ts";

/** The secret that Finch signs the deployment's webhooks with. @throws Error where it has none. */
export const readWebhookSecret = async (): Promise<string> => {
  const { "webhook_secrets 0": secret } = await readSecrets();
  if (secret === undefined) throw new Error("the deployment's Finch secret has no webhook_secrets");
  return secret;
};

/** Sends a webhook as it is. */
export const sendSigned = ({ headers, body }: WebhookRequest): Promise<Answer> =>
  sendRaw("/webhooks/finch", { method: "POST", headers: { "content-type": "application/json", ...headers }, body });

/** Signs an event, of now and with a new id unless it is said otherwise, and sends it. */
export const sendWebhook = async (
  event: unknown,
  options: { readonly eventId?: string; readonly at?: Date } = {},
): Promise<Answer> => {
  const webhook = signWebhook([await readWebhookSecret()], event, options);
  return sendSigned({ headers: headersOf(webhook), body: webhook.body });
};
