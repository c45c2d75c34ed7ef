import type { CallAws } from "./emulated-aws.ts";
import type { OtherFinch } from "./options.ts";

/** Fills in the Finch application's secret, as whoever deploys does once on AWS. Says whether it was another before. */
export const fillFinchSecret = async (
  callAws: CallAws,
  secretArn: string,
  { clientId, clientSecret, webhookSecret }: OtherFinch,
): Promise<boolean> => {
  const wanted = JSON.stringify({
    client_id: clientId,
    client_secret: clientSecret,
    webhook_secrets: [webhookSecret],
  });
  const present = await callAws<{ SecretString?: string }>("secretsmanager", "GetSecretValue", { SecretId: secretArn });
  if (present.SecretString === wanted) return false;
  const ClientRequestToken = crypto.randomUUID();
  await callAws("secretsmanager", "PutSecretValue", { SecretId: secretArn, SecretString: wanted, ClientRequestToken });
  return true;
};
