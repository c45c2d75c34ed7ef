import { KMSClient } from "@aws-sdk/client-kms";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { createDataKeys } from "../kms/data-keys.ts";
import type { DataKeys, PageVault } from "../roster/ports.ts";
import { type Bucket, createBucket } from "../s3/bucket.ts";
import { createPageVault } from "../s3/page-vault.ts";
import { readEnvironment, readOptionalVariable } from "./environment.ts";
import { lazyClient } from "./lazy-client.ts";
import { surroundings } from "./surroundings.ts";

/** The bucket of rosters' pages, by its own name on AWS; by path where AWS is emulated, on one address. */
export const openBucket = (env: { readonly ROSTER_BUCKET: string }): Bucket => {
  const { AWS_REGION: region } = readEnvironment("AWS_REGION");
  const emulated = readOptionalVariable("AWS_ENDPOINT_URL");
  const url = emulated ? `${emulated}/${env.ROSTER_BUCKET}` : `https://${env.ROSTER_BUCKET}.s3.${region}.amazonaws.com`;
  return createBucket({ url, region, credentials: fromEnv(), sleep: surroundings.sleep });
};

/** Where rosters' pages lie, and the keys that seal them. */
export const openPages = (env: {
  readonly ROSTER_BUCKET: string;
  readonly ROSTER_KEY_ARN: string;
}): { readonly pages: PageVault; readonly dataKeys: DataKeys } => {
  const dataKeys = createDataKeys(
    lazyClient(() => new KMSClient()),
    env.ROSTER_KEY_ARN,
  );
  return { dataKeys, pages: createPageVault(openBucket(env), dataKeys) };
};
