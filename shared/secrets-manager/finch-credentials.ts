import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { FinchCredentials } from "../finch/finch.ts";
import { secret } from "../secret.ts";

/** How long a function uses what it has read: a rotated secret is in use everywhere after this time. */
const keptMs = 5 * 60_000;

/**
 * Reads the Finch application's credentials from Secrets Manager, and keeps them for five minutes.
 *
 * @throws Error saying what to put into the secret, if it holds something else.
 */
export const createFinchCredentials = (
  secretsManager: Pick<SecretsManagerClient, "send">,
  secretArn: string,
  now: () => Date,
): (() => Promise<FinchCredentials>) => {
  let kept: { readonly credentials: FinchCredentials; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && now().getTime() < kept.until) return kept.credentials;
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const credentials = parse(SecretString ?? "");
    kept = { credentials, until: now().getTime() + keptMs };
    return credentials;
  };
};

const parse = (text: string): FinchCredentials => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { client_id: clientId, client_secret: clientSecret } = Object(value);
  if (typeof clientId !== "string" || typeof clientSecret !== "string") {
    // The log has an error's name, never its message.
    const error = new Error("the Finch secret must be JSON with client_id and client_secret: see docs/deploy.md");
    throw Object.assign(error, { name: "FinchSecretMalformed" });
  }
  return { clientId, clientSecret: secret(clientSecret) };
};
