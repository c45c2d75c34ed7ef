/**
 * An AWS that counts: what a function sends to it over the wire is counted as AWS bills it. DynamoDB is dynoxide, which says
 * what each call has consumed; the others answer just enough.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { countItems, readCapacity } from "./capacity.ts";
import { assumedMs } from "./durations.ts";
import { kmsAnswer, secretsAnswer } from "./other-services.ts";
import type { Usage } from "./usage.ts";

type Json = Readonly<Record<string, unknown>>;

/** What an invocation hands to a function, and takes from it. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Who is told of each call: its service and operation, and what it adds to the bill. */
export type NoteCall = (call: string, usage: Partial<Usage>) => void;

/** Who counts. */
export interface Noting {
  readonly noteCall: NoteCall;
  /** A call arrives; returns what is to be called when it is answered. */
  readonly noteArrival: () => () => void;
}

/** A counting AWS. */
export interface CountingAws {
  readonly url: string;
  /** What was put into queues, by the queue's name, and not taken out yet. */
  readonly queues: Map<string, string[]>;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of this machine. `dynamodbUrl` says where the table is, at each call. */
export const startCountingAws = async (
  dynamodbUrl: () => string,
  { noteCall: note, noteArrival, invoke }: Noting & { readonly invoke: Invoke },
): Promise<CountingAws> => {
  const queues = new Map<string, string[]>();
  const parts = { dynamodbUrl, note, invoke, queues };
  const server = createServer((request, response) => {
    response.once("finish", noteArrival());
    answer(parts, request, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: String(error) }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queues,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

interface Parts {
  readonly dynamodbUrl: () => string;
  readonly note: NoteCall;
  readonly invoke: Invoke;
  readonly queues: Map<string, string[]>;
}

const answer = async (parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await buffer(request);
  const [service = "", operation = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
  if (service.startsWith("DynamoDB")) return answerDynamodb(parts, operation, body, request, response);
  const invoked = /\/functions\/([^/]+)\/invocations/.exec(request.url ?? "");
  if (invoked !== null) {
    parts.note("lambda.Invoke", { lambdaMs: assumedMs.invoke });
    const said = await parts.invoke(decodeURIComponent(invoked[1] ?? ""), JSON.parse(body.toString()));
    return reply(response, said ?? null, "application/json");
  }
  return reply(response, answerOther(parts, service, operation, JSON.parse(body.toString())));
};

const answerOther = ({ note, queues }: Parts, service: string, operation: string, body: Json): unknown => {
  if (service === "TrentService") {
    note(`kms.${operation}`, { kmsRequests: 1, lambdaMs: assumedMs.kms });
    return kmsAnswer(operation, body);
  }
  if (service === "secretsmanager") {
    note(`secrets-manager.${operation}`, { secretRequests: 1, lambdaMs: assumedMs.secretsManager });
    return secretsAnswer(operation, body);
  }
  if (service === "AmazonSQS") {
    const batch = (body["Entries"] ?? [{ Id: "only", MessageBody: body["MessageBody"] }]) as readonly {
      readonly Id: string;
      readonly MessageBody: string;
    }[];
    const name = String(body["QueueUrl"]).split("/").at(-1) ?? "";
    queues.set(name, [...(queues.get(name) ?? []), ...batch.map(({ MessageBody }) => MessageBody)]);
    note(`sqs.${operation}`, { queueRequests: 1, lambdaMs: assumedMs.sqs });
    const taken = batch.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) }));
    // The SDK holds what was taken against what it sent.
    return { ...taken[0], Successful: taken, Failed: [] };
  }
  if (service === "AWSEvents") {
    const entries = body["Entries"] as readonly object[];
    note(`events.${operation}`, { busEvents: entries.length, lambdaMs: assumedMs.eventBridge });
    return { FailedEntryCount: 0, Entries: entries.map((_, index) => ({ EventId: `event-${index}` })) };
  }
  throw new Error(`nobody counts ${service}.${operation}`);
};

/** Has dynoxide say what a call consumed, with each index; AWS bills the same units. */
const answerDynamodb = async (
  { dynamodbUrl, note }: Parts,
  operation: string,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const asked: Json = { ...JSON.parse(body.toString()), ReturnConsumedCapacity: "INDEXES" };
  const names = ["x-amz-target", "authorization", "x-amz-date", "x-amz-security-token"];
  const headers = Object.fromEntries(names.flatMap((name) => [[name, String(request.headers[name] ?? "")]]));
  const answered = await fetch(dynamodbUrl(), {
    method: "POST",
    headers: { ...headers, "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(asked),
  });
  const said = (await answered.json()) as Json;
  const waits = operation.startsWith("Transact") ? assumedMs.transaction : assumedMs.dynamodb;
  const counted = { ...readCapacity(operation, said), ...countItems(operation, asked, said) };
  const { pk }: Json = Object(asked["Key"]);
  const isBudget = String(Object(pk)["S"]).startsWith("BUDGET#");
  // Its item is below 1 KB, and a write whose condition fails is billed as well; here it depends on how fast all goes.
  const ofBudgets = { writeUnits: 1, budgetItemsWritten: 1, budgetWriteUnits: 1 };
  note(`dynamodb.${operation}`, { ...counted, ...(isBudget && ofBudgets), lambdaMs: waits });
  response.writeHead(answered.status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(said));
};

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

const reply = (response: ServerResponse, said: unknown, type = "application/x-amz-json-1.1"): void => {
  response.writeHead(200, { "content-type": type });
  response.end(JSON.stringify(said));
};
