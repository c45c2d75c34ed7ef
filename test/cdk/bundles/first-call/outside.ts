/** All that a function can call, on one address: an AWS that answers as little as will do, and a Finch. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { PageName } from "#shared/roster/ports.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { createPageVault } from "#shared/s3/page-vault.ts";

/** What is outside of a function. */
export interface Outside {
  readonly url: string;
  /** The services that were called, such as `DynamoDB_20120810`, `secretsmanager`, `finch`. */
  readonly called: ReadonlySet<string>;
  readonly stop: () => Promise<void>;
}

/** What the outside knows. */
export interface Known {
  /** Where DynamoDB is: its calls are passed on. */
  readonly dynamodb: string;
  readonly webhookSecret: string;
  readonly connectionId: string;
  readonly clientType: string;
}

type Answer = object | string;

/** Starts it on a free port of this machine. */
export const startOutside = async (known: Known): Promise<Outside> => {
  const called = new Set<string>();
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const [service = "", operation = ""] = `${request.headers["x-amz-target"] ?? ""}`.split(".");
    const path = request.url ?? "/";
    const name = service || nameOf(path);
    called.add(name);
    if (name === "s3") {
      const object = request.method === "GET" && !path.includes("?") ? await sealedPage(path) : Buffer.alloc(0);
      response.writeHead(request.method === "DELETE" ? 204 : 200).end(object);
      return;
    }
    if (name.startsWith("DynamoDB")) {
      const passed = await fetch(known.dynamodb, { method: "POST", headers: signedHeaders(request), body });
      response.writeHead(passed.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(Buffer.from(await passed.arrayBuffer()));
      return;
    }
    const answer = name === "finch" ? answerOfFinch(path, known) : answerOfAws(`${name}.${operation}`, body, known);
    response.writeHead(path.startsWith("/connect/sessions") ? 201 : 200, { "content-type": "application/json" });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    called,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const nameOf = (path: string): string => {
  if (path.startsWith("/roster-pages/")) return "s3";
  return path.startsWith("/2015-03-31/functions/") ? "lambda" : "finch";
};

/** The key that this KMS opens and makes: of AES-256. */
const plainKey = Buffer.from("not-a-real-token".repeat(2));

/** A page of nobody, sealed as the one of this path. */
const sealedPage = async (path: string): Promise<Buffer> => {
  const [life = "", customerId = "", rosterId = "", ...rest] = path.split("/").slice(2).map(decodeURIComponent);
  const objects = new Map<string, Uint8Array>();
  const bucket = {
    put: async (key: string, body: Uint8Array) => void objects.set(key, body),
    get: async () => undefined,
  };
  const dataKeys = { make: async () => ({ key: plainKey, sealed: Buffer.from("sealed") }), open: async () => plainKey };
  const context = { customerId: customerId as CustomerId, rosterId: rosterId as RosterId };
  const name = [life, ...rest].join("/") as PageName;
  await createPageVault(bucket, dataKeys).put(context, name, []);
  return Buffer.from([...objects.values()][0] ?? []);
};

/** What says who calls and what: the rest is the transport's. */
const signedHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => /^(x-amz-.*|authorization|content-type)$/.test(name))
      .map(([name, value]) => [name, `${value}`]),
  );

const readBody = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

const answerOfAws = (call: string, body: string, { webhookSecret }: Known): Answer => {
  switch (call) {
    case "secretsmanager.GetSecretValue":
      return {
        SecretString: JSON.stringify({
          ...{ client_id: "client-of-the-platform", client_secret: "not-a-real-secret" },
          webhook_secrets: [webhookSecret],
        }),
      };
    case "secretsmanager.ListSecrets":
      return { SecretList: [] };
    case "TrentService.Encrypt":
      return { CiphertextBlob: Buffer.from("sealed").toString("base64") };
    case "TrentService.Decrypt":
      return { Plaintext: plainKey.toString("base64") };
    case "TrentService.GenerateDataKey":
      return { Plaintext: plainKey.toString("base64"), CiphertextBlob: Buffer.from("sealed").toString("base64") };
    case "AmazonSQS.SendMessage": {
      const MD5OfMessageBody = createHash("md5").update(JSON.parse(body).MessageBody).digest("hex");
      return { MessageId: "1", MD5OfMessageBody };
    }
    case "AmazonSQS.SendMessageBatch":
      return {
        Successful: JSON.parse(body).Entries.map(({ Id, MessageBody }: Record<string, string>) => ({
          ...{ Id, MessageId: Id },
          MD5OfMessageBody: createHash("md5").update(`${MessageBody}`).digest("hex"),
        })),
      };
    case "AWSEvents.PutEvents":
      return { FailedEntryCount: 0, Entries: [{ EventId: "1" }] };
    case "lambda.":
      // What the exchange function answers, and the one that tries connections.
      return { status: "in_progress", looked: 1, undecided: 0, calls: 1, in_trouble: [] };
    default:
      return {};
  }
};

const answerOfFinch = (path: string, { connectionId, clientType }: Known): Answer => {
  const common = {
    ...{ connection_id: connectionId, client_type: clientType, client_id: "client-of-the-platform" },
    ...{ provider_id: "gusto", company_id: "company-1", products: ["company"], entity_ids: ["entity-1"] },
  };
  if (path.startsWith("/employer/directory")) return { individuals: [{ id: "one" }], paging: { count: 1 } };
  if (path.startsWith("/auth/token")) return { ...common, access_token: "not-a-real-token" };
  if (path.startsWith("/introspect")) return { ...common, connection_status: { status: "connected" } };
  if (path.startsWith("/connect/sessions")) return { connect_url: "https://connect.finch.example/", session_id: "s" };
  return {};
};
