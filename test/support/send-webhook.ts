/** Sends webhooks to the deployed stack as Finch would, past the simulated Finch. */
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Answer } from "./api.ts";
import { readSecrets } from "./aws.ts";
import { sendRaw } from "./raw-request.ts";
import { headersOf, signWebhook } from "./signed-webhook.ts";
import { readStack } from "./stack.ts";
import type { WebhookRequest } from "./webhook-forgeries.ts";

/** The secret that Finch signs the deployment's webhooks with. @throws Error where it has none. */
export const readWebhookSecret = async (): Promise<string> => {
  const { "webhook_secrets 0": secret } = await readSecrets();
  if (secret === undefined) throw new Error("the deployment's Finch secret has no webhook_secrets");
  return secret;
};

/** Puts one more webhook secret beside those that the deployment has, as whoever changes it does. */
export const addWebhookSecret = async (secret: string): Promise<void> => {
  const { awsEndpoint: endpoint, region } = readStack();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SecretsManagerClient({ endpoint, region, credentials });
  // Among the secrets of all tokens, where the token store is one of secrets.
  const pages = paginateListSecrets({ client }, {});
  let SecretId: string | undefined;
  for await (const { SecretList = [] } of pages) {
    SecretId ??= SecretList.find(({ Name }) => Name?.endsWith("/finch-application"))?.ARN;
  }
  const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId }));
  const { webhook_secrets, ...others } = JSON.parse(SecretString);
  const changed = { ...others, webhook_secrets: [...webhook_secrets, secret] };
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(changed) }));
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
