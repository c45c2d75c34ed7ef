import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { WebhookKeys } from "../connection/receive-webhook.ts";
import { webhookKey } from "../connection/webhook-signature.ts";
import { secret } from "../secret.ts";

/** How long a function uses what it has read: a secret that was taken out of use is refused everywhere after this time. */
const keptMs = 5 * 60_000;

/** How often at most a function reads for webhooks that no key of its own has signed. */
const pauseMs = 30_000;

/**
 * Reads the keys of Finch's webhooks from the Finch application's secret: `webhook_secrets`, a list of base64 texts, none
 * where the application has no webhooks.
 *
 * @throws Error, named for the log, if the secret holds something else.
 */
export const createWebhookKeys = (
  secretsManager: Pick<SecretsManagerClient, "send">,
  secretArn: string,
  now: () => Date,
): WebhookKeys => {
  let kept: { readonly keys: readonly Uint8Array[]; readonly at: number } | undefined;
  const readAndKeep = async (): Promise<readonly Uint8Array[]> => {
    const at = now().getTime();
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const keys = parse(SecretString ?? "");
    kept = { keys, at };
    return keys;
  };
  const isOlderThan = (milliseconds: number): boolean =>
    kept === undefined || now().getTime() - kept.at >= milliseconds;
  return {
    read: async () => (kept === undefined || isOlderThan(keptMs) ? readAndKeep() : kept.keys),
    readAnew: async () => (isOlderThan(pauseMs) ? readAndKeep() : undefined),
  };
};

const parse = (text: string): readonly Uint8Array[] => {
  const { webhook_secrets } = Object(parseJson(text));
  const texts: unknown = webhook_secrets ?? [];
  if (!Array.isArray(texts)) throw malformed();
  return texts.map((each) => {
    const key = typeof each === "string" ? webhookKey(secret(each)) : undefined;
    if (key === undefined) throw malformed();
    return key;
  });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Nobody has filled it in yet.
    return undefined;
  }
};

/** The log has an error's name, never its message. */
const malformed = (): Error =>
  Object.assign(new Error("webhook_secrets must be a list of Finch's webhook secrets: see docs/deploy.md"), {
    name: "WebhookSecretsMalformed",
  });
