import { tokenSecretsUnder } from "#shared/secrets-manager/token-secrets.ts";
import { newConnectionId, newCustomerId, newTokenId, noon } from "../../support/builders.ts";
import { createMemorySecretsManager } from "../../support/memory/secrets-manager.ts";

export const arnBase = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";

/** A stage's token secrets, the Secrets Manager that they are in, and a token. */
export const aStage = () => ({
  ...createMemorySecretsManager(arnBase, () => noon),
  tokenSecrets: tokenSecretsUnder(`${arnBase}perch/prod/`),
  context: { customerId: newCustomerId(), connectionId: newConnectionId() },
  tokenId: newTokenId(),
});
