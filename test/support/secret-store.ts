import { randomUUID } from "node:crypto";
import { KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Sealed, TokenVault } from "#shared/connection/ports.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { type TokenSecrets, tokenSecretsUnder } from "#shared/secrets-manager/token-secrets.ts";
import { createSecretsManagerVault } from "#shared/secrets-manager/token-vault.ts";
import type { VaultBytes } from "../contract/describe-token-vault.ts";
import { readStack } from "./stack.ts";

/** Secrets under a name of their own in the deployed stack's Secrets Manager, sealed under its key. */
export interface SecretStore {
  readonly secretsManager: SecretsManagerClient;
  readonly secrets: TokenSecrets;
  readonly kmsVault: TokenVault;
  readonly vault: TokenVault;
  readonly bytes: VaultBytes;
}

/** A store that no other test and no function of the stack knows. */
export const openSecretStore = (): SecretStore => {
  const { awsEndpoint, region, tokenKeyArn } = readStack();
  const client = { endpoint: awsEndpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const secretsManager = new SecretsManagerClient(client);
  const account = tokenKeyArn.split(":")[4] ?? "";
  const secrets = tokenSecretsUnder(`arn:aws:secretsmanager:${region}:${account}:secret:perch/test-${randomUUID()}/`);
  const kmsVault = createTokenVault(new KMSClient(client), tokenKeyArn);
  const nameOf = (sealed: Sealed): string => {
    if (!("secretName" in sealed)) throw new Error("it is kept elsewhere");
    return sealed.secretName;
  };
  return {
    secretsManager,
    secrets,
    kmsVault,
    vault: createSecretsManagerVault({ secretsManager, secrets, kmsVault, sleep: async () => {} }),
    bytes: {
      read: async (sealed) => {
        const { SecretBinary } = await secretsManager.send(new GetSecretValueCommand({ SecretId: nameOf(sealed) }));
        return SecretBinary ?? new Uint8Array();
      },
      write: async (sealed, SecretBinary) => {
        const ClientRequestToken = randomUUID();
        await secretsManager.send(
          new PutSecretValueCommand({ SecretId: nameOf(sealed), SecretBinary, ClientRequestToken }),
        );
        return sealed;
      },
    },
  };
};
