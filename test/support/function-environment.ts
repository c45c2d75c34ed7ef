import type { PageConfig } from "#web/config.ts";

/** Where a function's world is. */
export interface FunctionWorld {
  /** AWS and Finch, on one address. */
  readonly url: string;
  readonly tableName: string;
  readonly tokenStore: string;
}

/** What a stage says of its connections page. */
export const pageConfig: PageConfig = {
  ...{ platform: "Harbor", accent: "#1f6f5c", logo: false, mode: "redirect", languages: ["en", "es"] },
  ...{ connectUrl: "https://connect.tryfinch.com", helpUrl: null, privacyUrl: null },
};

/** Every variable that a function may ask for, as on a stage with this token store; nothing of this process's own. */
export const functionEnvironment = ({
  url,
  tableName,
  tokenStore,
}: FunctionWorld): Readonly<Record<string, string>> => ({
  ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: url },
  ...{
    TABLE_NAME: tableName,
    FINCH_URL: url,
    FINCH_SHARE: "100",
    PUBLIC_URL: "https://perch.example",
    FORWARD_RULES: "",
  },
  ...{ TOKEN_KEY_ARN: "arn:aws:kms:us-east-1:000000000000:key/tokens", FINCH_CLIENT_TYPE: "sandbox" },
  ...{ FINCH_SECRET_ARN: "finch", HASH_KEY_ARN: "hash-key", BUS_NAME: "bus", DEFAULT_CUSTOMER_MODE: "multiple" },
  ...{ DISCONNECT_QUEUE_URL: `${url}/0/disconnects`, CHECK_QUEUE_URL: `${url}/0/checks` },
  ...{ EMPLOYER_QUEUE_URL: `${url}/0/employers` },
  ...{ DELETION_QUEUE_URL: `${url}/0/deletions`, REFUSED_REPORTS_URL: `${url}/0/refused` },
  ...{ SWEEP_SECRETS_QUEUE_URL: `${url}/0/secrets`, SWEEP_SECRETS: "on", RETURN_ORIGINS: "https://app.example" },
  ...{ CHECK_INTERVAL_HOURS: "24", CHECKS_PER_RUN: "10", TRY_CONNECTIONS_FUNCTION_NAME: "try" },
  ...{ EXCHANGE_FUNCTION_NAME: "exchange" },
  ...{ ROSTER_BUCKET: "roster-pages", ROSTER_KEY_ARN: "arn:aws:kms:us-east-1:000000000000:key/rosters" },
  ...{ ROSTER_PAGE_SIZE: "25", ROSTER_SSN: "on", ROSTER_WAIT_SECONDS: "1" },
  ROSTER_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:000000000000:stateMachine:rosters",
  ...{ PAGE_CONFIG: JSON.stringify(pageConfig), PAGE_LANGUAGES: "en,es" },
  ...{ PAGE_MODE: "redirect", PAGE_PRODUCTS: "company,directory" },
  ...(tokenStore === "secrets-manager" && {
    TOKEN_SECRET_PREFIX: "arn:aws:secretsmanager:us-east-1:000000000000:secret:perch/test/",
  }),
});
