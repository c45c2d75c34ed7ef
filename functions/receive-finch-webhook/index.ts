import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readEnvironment } from "#shared/aws/environment.ts";
import { log, surroundings } from "#shared/aws/surroundings.ts";
import { createWebhookKeys } from "#shared/secrets-manager/webhook-keys.ts";
import { createNudgeChecks } from "#shared/sqs/check-messages.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("FINCH_SECRET_ARN", "CHECK_QUEUE_URL");

export const handler = createHandler({
  ...surroundings,
  log,
  keys: createWebhookKeys(new SecretsManagerClient(), env.FINCH_SECRET_ARN, surroundings.now),
  nudgeChecks: createNudgeChecks(new SQSClient(), env.CHECK_QUEUE_URL),
});
