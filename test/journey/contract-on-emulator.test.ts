/** The stores in the deployed table, and the vaults under the deployed key. */
import { KMSClient } from "@aws-sdk/client-kms";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { describeStores } from "../contract/describe-stores.ts";
import { describeTokenVault, openInItemVault } from "../contract/describe-token-vault.ts";
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
    const kms = new KMSClient({ endpoint: awsEndpoint, region, credentials });
    return openInItemVault(createTokenVault(kms, tokenKeyArn));
  },
  { propertyRuns: 5, noticesTampering: false },
);
describeTokenVault("in secrets, under the deployed key", openSecretStore, { propertyRuns: 5, noticesTampering: false });
