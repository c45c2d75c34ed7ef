import { createHmac } from "node:crypto";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { CustomerId } from "../connection/identifiers.ts";

/**
 * HMAC-SHA-256 of a customer's id under a key of the deployment's own, base64url: what stays of a customer in a tombstone.
 * It tells whoever has the key and an id that they belong together, and nothing to anybody else.
 */
export const createCustomerHash = (
  secretsManager: SecretsManagerClient,
  secretArn: string,
): ((customerId: CustomerId) => Promise<string>) => {
  let key: Promise<string> | undefined;
  const readKey = async () => {
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn }));
    if (!SecretString) throw new Error("the hash key's secret is empty");
    return SecretString;
  };
  return async (customerId) => {
    key ??= readKey();
    try {
      return createHmac("sha256", await key)
        .update(customerId)
        .digest("base64url");
    } catch (error) {
      key = undefined;
      throw error;
    }
  };
};
