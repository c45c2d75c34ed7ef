/**
 * The stores on the emulated AWS, and the vaults under the deployed key. The stores have a table of their own, of the
 * deployed one's schema: in the deployed one the publisher takes events from the outbox, and the sweep ends what is due.
 */
import { KMSClient } from "@aws-sdk/client-kms";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { describeStores } from "../contract/describe-stores.ts";
import { describeTokenVault } from "../contract/describe-token-vault.ts";
import { openThrowAwayTable } from "../contract/open-stores.ts";
import { openSecretStore } from "../support/secret-store.ts";
import { readStack } from "../support/stack.ts";

const { awsEndpoint, region, tokenKeyArn } = readStack();

describeStores("on the emulated AWS", () => openThrowAwayTable(awsEndpoint, 5));
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
