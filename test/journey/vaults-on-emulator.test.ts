/** The vaults under the deployed key. The stores on the emulated AWS are tried at night. */
import { KMSClient } from "@aws-sdk/client-kms";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { describeTokenVault } from "../contract/describe-token-vault.ts";
import { openSecretStore } from "../support/secret-store.ts";
import { readStack } from "../support/stack.ts";

const { awsEndpoint, region, tokenKeyArn } = readStack();

describeTokenVault(
  "under the deployed key",
  () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return createTokenVault(new KMSClient({ endpoint: awsEndpoint, region, credentials }), tokenKeyArn);
  },
  // The emulated KMS binds a ciphertext to its context, but does not authenticate what is in it.
  { propertyRuns: 5, authenticates: false },
);
const { vault, bytes } = openSecretStore();
describeTokenVault("in secrets, under the deployed key", () => vault, {
  propertyRuns: 5,
  bytes,
  authenticates: false,
});
