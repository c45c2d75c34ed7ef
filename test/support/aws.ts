/** Reads what the deployed stack keeps outside its table: logs, secrets, and the table's own stream. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  GetSecretValueCommand,
  paginateListSecrets,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { readStack } from "./stack.ts";

const openSecretsManager = (): SecretsManagerClient => {
  const { awsEndpoint: endpoint, region } = readStack();
  return new SecretsManagerClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
};

/** The names of the secrets that hold these customers' tokens, on a stage that keeps each in a secret. */
export const tokenSecretsOf = async (customerIds: readonly string[]): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client: openSecretsManager() }, {})) {
    const own = SecretList.filter(({ Description = "" }) =>
      customerIds.some((id) => Description.includes(JSON.stringify(id))),
    );
    names.push(...own.map(({ Name = "" }) => Name));
  }
  return names.toSorted();
};

/** Every secret that the deployment keeps: its texts by their names, such as `client_secret 0`. */
export const readSecrets = async (): Promise<Readonly<Record<string, string>>> => {
  const client = openSecretsManager();
  const values: Record<string, string> = {};
  for await (const { SecretList = [] } of paginateListSecrets({ client }, {})) {
    // What other tests make, and destroy meanwhile, is left out.
    for (const { ARN, Name = "" } of SecretList.filter((each) => !each.Name?.includes("perch/test-"))) {
      const SecretString = await readSecret(client, ARN);
      if (SecretString === undefined) continue;
      const parts = readParts(SecretString) ?? { [Name]: SecretString };
      for (const [name, value] of Object.entries(parts)) {
        for (const [at, text] of [value].flat().entries()) values[`${name} ${at}`] = String(text);
      }
    }
  }
  return values;
};

/** A secret's text; undefined when a test has destroyed it since it was listed: one that keeps a token. */
const readSecret = async (client: SecretsManagerClient, SecretId: string | undefined): Promise<string | undefined> => {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

/** The texts of a secret that is an object of JSON; a random one may begin with a brace, too, and is none. */
const readParts = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

interface LogEvents {
  readonly events: readonly { readonly message: string }[];
  readonly nextToken?: string;
}

/** What all functions and the gateway have logged since then, line by line. */
export const readLogs = async (since: Date): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const logGroupName of await listLogGroups()) {
    let nextToken: string | undefined;
    do {
      const input = { logGroupName, startTime: since.getTime(), ...(nextToken && { nextToken }) };
      const page: LogEvents = await callLogs("FilterLogEvents", input);
      lines.push(...page.events.map((event) => event.message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
};

const listLogGroups = async (): Promise<readonly string[]> => {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await callLogs<{ logGroups: readonly { logGroupName: string }[]; nextToken?: string }>(
      "DescribeLogGroups",
      nextToken === undefined ? {} : { nextToken },
    );
    names.push(...page.logGroups.map((group) => group.logGroupName));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names;
};

const callLogs = <Said>(operation: string, input: object): Promise<Said> =>
  callJson("logs", `Logs_20140328.${operation}`, "1.1", input);

/** A service by hand: its SDK would be installed for this alone. The emulated AWS checks no signature. */
const callJson = async <Said>(service: string, target: string, version: string, input: object): Promise<Said> => {
  const { awsEndpoint, region } = readStack();
  const response = await fetch(awsEndpoint, {
    method: "POST",
    headers: {
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": target,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${target} was answered with ${response.status}`);
  return (await response.json()) as Said;
};

/** How many tokens were ever stored for a customer, also those that newer ones have superseded since. */
export const tokensEver = async (customer: { readonly id: string }): Promise<number> => {
  const items = (await readStream()).filter((image) => image["pk"]?.S === `TOKENS#${customer.id}`);
  return new Set(items.map((image) => image["sk"]?.S)).size;
};

type Image = Readonly<Record<string, AttributeValue>>;

interface StreamRecords {
  readonly Records: readonly { readonly dynamodb: { readonly NewImage?: Image } }[];
  readonly NextShardIterator?: string;
}

/** Each item of the table as it stood after each write, as long as its stream remembers: also those that are gone. */
export const readStream = async (): Promise<readonly Image[]> => {
  const call = <Said>(operation: string, input: object): Promise<Said> =>
    callJson("dynamodb", `DynamoDBStreams_20120810.${operation}`, "1.0", input);
  const { Streams } = await call<{ Streams: readonly { StreamArn: string }[] }>("ListStreams", {
    TableName: readStack().tableName,
  });
  const images: Image[] = [];
  for (const { StreamArn } of Streams) {
    const { StreamDescription } = await call<{ StreamDescription: { Shards: readonly { ShardId: string }[] } }>(
      "DescribeStream",
      { StreamArn },
    );
    for (const { ShardId } of StreamDescription.Shards) {
      const begin = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
      let { ShardIterator } = await call<{ ShardIterator?: string }>("GetShardIterator", begin);
      while (ShardIterator !== undefined) {
        const page: StreamRecords = await call("GetRecords", { ShardIterator });
        for (const { dynamodb } of page.Records) if (dynamodb.NewImage) images.push(dynamodb.NewImage);
        ShardIterator = page.Records.length === 0 ? undefined : page.NextShardIterator;
      }
    }
  }
  return images;
};
