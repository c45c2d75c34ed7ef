/** All that the functions need to run and be counted: dynoxide, an AWS and a Finch that count, and what a deployment sets. */
import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { PageConfig } from "#web/config.ts";
import { createFinchSimulator } from "../../local/finch/server.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { startCountingAws } from "./counting-aws.ts";
import { startCountingFinch } from "./counting-finch.ts";
import { createHost } from "./host.ts";
import { putSecret } from "./other-services.ts";

/** Where sealed tokens are kept, as `-c tokenStore` names it. */
export type TokenStore = "kms" | "secrets-manager";

/** Where browsers reach the deployment. */
export const publicUrl = "https://perch.example";
/** What the table is called, wherever it is. */
export const tableName = "perch-cost";
const region = "us-east-1";
const account = "111122223333";
const webhookSecret = Buffer.alloc(24, 7).toString("base64");

const pageConfig: PageConfig = {
  ...{ platform: "Initech HR", accent: "#2f5fd0", logo: false, mode: "redirect", languages: ["en", "es"] },
  ...{ connectUrl: "https://connect.example", helpUrl: null, privacyUrl: null },
};

/** Starts it. The functions read the environment of this process, so that there is one such world in a process. */
export const startWorld = async (store: TokenStore) => {
  let dynoxide = await startDynoxide();
  let direct = createLocalClient(dynoxide.endpoint);
  await createConnectionTable(direct, tableName);
  const application = {
    clientId: randomUUID(),
    clientSecret: `secret-${randomUUID()}`,
    clientType: "sandbox",
  } as const;
  const finch = createFinchSimulator({
    applications: [{ ...application, redirectUris: [`${publicUrl}/connect/callback`] }],
  });
  await finch.listen();
  const host = createHost();
  const countedFinch = await startCountingFinch(finch.url, host);
  const aws = await startCountingAws(() => dynoxide.endpoint, host);
  const secretArn = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:perch/cost/${name}`;
  putSecret(
    "perch/cost/finch-application",
    JSON.stringify({
      client_id: application.clientId,
      client_secret: application.clientSecret,
      webhook_secrets: [webhookSecret],
    }),
  );
  putSecret("perch/cost/hash-key", "k".repeat(64));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "cost",
    AWS_SECRET_ACCESS_KEY: "cost",
    TABLE_NAME: tableName,
    TOKEN_KEY_ARN: `arn:aws:kms:${region}:${account}:key/7c9e6679-7425-40de-944b-e07fc1f90ae7`,
    HASH_KEY_ARN: secretArn("hash-key"),
    FINCH_SECRET_ARN: secretArn("finch-application"),
    FINCH_URL: countedFinch.url,
    // Nothing is to wait for its turn here.
    FINCH_SHARE: "9999",
    FINCH_CLIENT_TYPE: application.clientType,
    PUBLIC_URL: publicUrl,
    RETURN_ORIGINS: "https://app.example.com",
    PAGE_LANGUAGES: "en,es",
    PAGE_MODE: "redirect",
    PAGE_PRODUCTS: "company,directory",
    PAGE_CONFIG: JSON.stringify(pageConfig),
    DEFAULT_CUSTOMER_MODE: "multiple",
    BUS_NAME: "perch-cost",
    CHECK_INTERVAL_HOURS: "24",
    CHECKS_PER_RUN: "600",
    EXCHANGE_FUNCTION_NAME: "exchange-authorization-code",
    TRY_CONNECTIONS_FUNCTION_NAME: "try-connections",
    CHECK_QUEUE_URL: `${aws.url}/${account}/check-connection`,
    EMPLOYER_QUEUE_URL: `${aws.url}/${account}/read-employers`,
    DISCONNECT_QUEUE_URL: `${aws.url}/${account}/drive-disconnect`,
    DELETION_QUEUE_URL: `${aws.url}/${account}/drive-deletion`,
    SWEEP_SECRETS_QUEUE_URL: `${aws.url}/${account}/sweep-secrets`,
    SWEEP_SECRETS: "on",
    ROSTER_BUCKET: "perch-cost-rosters",
    ROSTER_KEY_ARN: `arn:aws:kms:${region}:${account}:key/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed`,
    ROSTER_PAGE_SIZE: "1000",
    ROSTER_SSN: "off",
    ROSTER_WAIT_SECONDS: "30",
    ROSTER_STATE_MACHINE_ARN: `arn:aws:states:${region}:${account}:stateMachine:perch-cost-rosters`,
    ...(store === "secrets-manager" && { TOKEN_SECRET_PREFIX: secretArn("") }),
  });
  const stopTable = async () => {
    direct.destroy();
    await dynoxide.stop();
  };

  /** Lets these connections be due for their next look. Not counted. */
  const letBeDue = async (due: readonly RawItem[]) => {
    const past = { S: new Date(Date.now() - 3_600_000).toISOString() };
    for (const { pk, sk } of due) {
      if (pk === undefined || sk === undefined) continue;
      await direct.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk, sk },
          UpdateExpression: "SET due_at = :past, next_check_at = :past",
          ExpressionAttributeValues: { ":past": past },
        }),
      );
    }
  };

  return {
    ...{ host, finch, queues: aws.queues, webhookSecret, letBeDue },
    /** What DynamoDB says of the table. */
    describeTable: () => direct.send(new DescribeTableCommand({ TableName: tableName })),
    /** Has the functions find another table where theirs was; what was in that is gone. */
    moveTo: async (next: Dynoxide) => {
      await stopTable();
      dynoxide = next;
      direct = createLocalClient(next.endpoint);
    },
    /** Every item in the table, as DynamoDB writes it; not counted. */
    scan: async () => scanAll(direct),
    /** Lets the next look at every connection be due; returns how many those are. Not counted. */
    letAllBeDue: async () => {
      const due = (await scanAll(direct)).filter(({ due_shard }) => due_shard?.S?.startsWith("CHECK#"));
      await letBeDue(due);
      return due.length;
    },
    stop: async () => {
      await Promise.all([aws.close(), countedFinch.close(), finch.close()]);
      await stopTable();
    },
  };
};

export type CostWorld = Awaited<ReturnType<typeof startWorld>>;
export type RawItem = Readonly<Record<string, AttributeValue>>;

const scanAll = async (client: DynamoDBClient): Promise<readonly RawItem[]> => {
  const items: RawItem[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
};
