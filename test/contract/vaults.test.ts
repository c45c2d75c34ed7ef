/** The vaults that are deployed, on a KMS and a Secrets Manager in memory that refuse what the real ones refuse. */
import type { Sealed } from "#shared/connection/ports.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { tokenSecretsUnder } from "#shared/secrets-manager/token-secrets.ts";
import { createSecretsManagerVault } from "#shared/secrets-manager/token-vault.ts";
import { noon } from "../support/builders.ts";
import { createMemoryKms } from "../support/memory/kms.ts";
import { createMemorySecretsManager } from "../support/memory/secrets-manager.ts";
import { describeTokenVault } from "./describe-token-vault.ts";

const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/one";
const arnBase = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";
const options = { propertyRuns: 25, authenticates: true };

describeTokenVault("under KMS", () => createTokenVault(createMemoryKms(keyArn), keyArn), options);

const aws = createMemorySecretsManager(arnBase, () => noon);
const secretOf = (sealed: Sealed) => {
  const found = "secretName" in sealed ? aws.secrets.get(sealed.secretName) : undefined;
  if (found === undefined) throw new Error("there is no such secret");
  return found;
};
describeTokenVault(
  "in secrets",
  () =>
    createSecretsManagerVault({
      secretsManager: aws.client,
      secrets: tokenSecretsUnder(`${arnBase}perch/prod/`),
      kmsVault: createTokenVault(createMemoryKms(keyArn), keyArn),
      sleep: async () => {},
    }),
  {
    ...options,
    bytes: {
      read: async (sealed) => secretOf(sealed).SecretBinary ?? new Uint8Array(),
      write: async (sealed, bytes) => {
        secretOf(sealed).SecretBinary = bytes;
        return sealed;
      },
    },
  },
);
