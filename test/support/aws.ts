/** Reads what the deployed stack keeps outside its table: logs and secrets. */
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readStack } from "./stack.ts";

/** Every secret that the deployment keeps: its texts by their names, such as `client_secret 0`. */
export const readSecrets = async (): Promise<Readonly<Record<string, string>>> => {
  const { awsEndpoint: endpoint, region } = readStack();
  const client = new SecretsManagerClient({
    endpoint,
    region,
    credentials: { accessKeyId: "t", secretAccessKey: "t" },
  });
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  const values: Record<string, string> = {};
  for (const { ARN } of SecretList) {
    const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
    for (const [name, value] of Object.entries(JSON.parse(SecretString))) {
      for (const [at, text] of [value].flat().entries()) values[`${name} ${at}`] = String(text);
    }
  }
  return values;
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

/** CloudWatch Logs by hand: its SDK would be installed for this alone. The emulated AWS checks no signature. */
const callLogs = async <Answer>(operation: string, input: object): Promise<Answer> => {
  const { awsEndpoint, region } = readStack();
  const response = await fetch(awsEndpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `Logs_20140328.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/logs/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation} was answered with ${response.status}`);
  return (await response.json()) as Answer;
};
