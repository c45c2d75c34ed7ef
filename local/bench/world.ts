import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Credentials } from "../revoke/credentials.ts";
import { type ApiClient, createApiClient } from "../stack/api-client.ts";
import type { Outputs } from "../stack/outputs.ts";
import { Refusal } from "../stack/refusal.ts";

type Item = Readonly<Record<string, unknown>>;

/** The key of an item, as `docs/storage.md` has it. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A deployed stack as measurements use it: the API, the simulated Finch, and what only AWS's own operators see. */
export interface World {
  readonly api: ApiClient;
  /** For a client of one's own. */
  readonly credentials: Credentials;
  /** Where the simulated Finch is. */
  readonly finchUrl: string;
  /** Creates a customer of the measurement's own; returns its path in the API. */
  readonly createCustomer: () => Promise<string>;
  /** Calls the simulated Finch's control door (`local/finch/README.md`). @throws Refusal when it does not take the call. */
  readonly controlFinch: <Said>(method: "GET" | "POST" | "DELETE", what: string, body?: object) => Promise<Said>;
  /** Puts an event of a service of the platform onto the bus. */
  readonly putEvent: (detailType: string, detail: object) => Promise<void>;
  /** Invokes a function by its folder, and waits for its end. @throws Refusal when it does not end well. */
  readonly invoke: (folder: string) => Promise<void>;
  /** What the simulated Finch signs webhooks with. */
  readonly readWebhookSecret: () => Promise<string>;
  readonly table: {
    /** @throws Refusal when it is not there. */
    readonly read: (key: Key) => Promise<Item>;
    readonly write: (key: Key, values: Item) => Promise<void>;
  };
}

/** The stack that these outputs are of. */
export const createWorld = async (outputs: Outputs): Promise<World> => {
  const { awsEndpoint: endpoint, region, finchUrl } = outputs;
  const config = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [bridge, lambda] = [new EventBridgeClient(config), new LambdaClient(config)];
  const api = await createApiClient(outputs);
  const names = await listFunctions(lambda);

  return {
    api,
    credentials: outputs,
    finchUrl,
    table: openTable(outputs.tableName, DynamoDBDocumentClient.from(new DynamoDBClient(config))),
    async createCustomer() {
      const path = `/v1/customers/bench-${randomUUID()}`;
      await api.call("PUT", path, { name: "Bench Bakery" });
      return path;
    },
    async controlFinch<Said>(method: "GET" | "POST" | "DELETE", what: string, body?: object) {
      const response = await fetch(`${finchUrl}/_control/${what}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Refusal(`The simulated Finch refuses ${method} ${what}.`, await response.text());
      return (await response.json()) as Said;
    },
    async putEvent(detailType, detail) {
      const event = { EventBusName: outputs.busName, Source: "bench", DetailType: detailType };
      await bridge.send(new PutEventsCommand({ Entries: [{ ...event, Detail: JSON.stringify(detail) }] }));
    },
    async readWebhookSecret() {
      const secrets = new SecretsManagerClient(config);
      const found = await secrets.send(new GetSecretValueCommand({ SecretId: "perch/local/finch-application" }));
      const { webhook_secrets: keys = [] } = JSON.parse(found.SecretString ?? "{}") as { webhook_secrets?: string[] };
      if (keys[0] === undefined) throw new Refusal("The Finch application's secret has no webhook_secrets.");
      return keys[0];
    },
    async invoke(folder) {
      const FunctionName = names.find((name) => name.endsWith(`-${folder}`));
      if (FunctionName === undefined) throw new Refusal(`No function is deployed from functions/${folder}.`);
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: "{}" }));
      if (FunctionError !== undefined) throw new Refusal(`${folder} failed: ${Buffer.from(Payload ?? [])}`);
    },
  };
};

const openTable = (TableName: string, client: DynamoDBDocumentClient): World["table"] => ({
  async read(Key) {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    if (Item === undefined) throw new Refusal(`There is no item ${Key.pk} ${Key.sk}.`);
    return Item;
  },
  async write(Key, values) {
    const entries = Object.entries(values);
    await client.send(
      new UpdateCommand({
        TableName,
        Key,
        ConditionExpression: "attribute_exists(pk)",
        UpdateExpression: `SET ${entries.map((_, at) => `#n${at} = :v${at}`).join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(entries.map(([name], at) => [`#n${at}`, name])),
        ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], at) => [`:v${at}`, value])),
      }),
    );
  },
});

const listFunctions = async (client: LambdaClient): Promise<readonly string[]> => {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListFunctionsCommand({ ...(Marker && { Marker }) }));
    names.push(...(page.Functions ?? []).flatMap(({ FunctionName }) => FunctionName ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return names;
};
