/** The SDK's clients over answers that are there already: signing, writing and reading are the SDK's own, the network is left out. */
import { Readable } from "node:stream";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Bodies of answers, by the operation that `x-amz-target` names. */
export type Answers = Readonly<Record<string, string>>;

/** Clients as the functions have them. */
export interface Clients {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly kms: KMSClient;
}

/** Makes clients that are answered so, whatever they ask. */
export const createClients = (answers: Answers): Clients => {
  const bodies = new Map(Object.entries(answers).map(([operation, body]) => [operation, Buffer.from(body)]));
  const handle = async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
    const operation = headers["x-amz-target"]?.split(".")[1] ?? "";
    const body = bodies.get(operation);
    if (body === undefined) throw new Error(`nothing answers ${operation}`);
    const answered = { "content-type": "application/x-amz-json-1.0", "content-length": `${body.length}` };
    return { response: { statusCode: 200, headers: answered, body: Readable.from([body], { objectMode: false }) } };
  };
  const common = {
    region: "us-east-1",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench", sessionToken: "s".repeat(400) },
    requestHandler: { handle } as unknown as NonNullable<DynamoDBClientConfig["requestHandler"]>,
  };
  return { dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(common)), kms: new KMSClient(common) };
};
