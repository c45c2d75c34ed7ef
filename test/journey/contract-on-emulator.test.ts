/** The stores in the deployed table, and the vaults under the deployed key. */
import { KMSClient } from "@aws-sdk/client-kms";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { describeStores } from "../contract/describe-stores.ts";
import { describeTokenVault } from "../contract/describe-token-vault.ts";
import { openDynamoStores } from "../contract/open-stores.ts";
import { createLocalClient } from "../support/dynoxide.ts";
import { openSecretStore } from "../support/secret-store.ts";
import { readStack } from "../support/stack.ts";

const { awsEndpoint, region, tableName, tokenKeyArn } = readStack();

describeStores("in the deployed table", async () =>
  openDynamoStores(createLocalClient(awsEndpoint, region), tableName, 5),
);
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
