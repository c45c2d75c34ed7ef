import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Stands in for the SDK's whole credential chain: a Lambda function gets its role's credentials in environment variables
 * and needs no other provider (136 KB and 15–25 ms of start-up).
 */
export const defaultProvider = fromEnv;
