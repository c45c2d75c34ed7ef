/** The functions that are measured, over answers of the SDK's stub; each call is one whole invocation, from the event to the reply. */
import { randomUUID } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { marshall } from "@aws-sdk/util-dynamodb";
import { surroundings } from "#shared/aws/surroundings.ts";
import { createCapability } from "#shared/connection/capability.ts";
import { holderHash } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { createAuditStore } from "#shared/dynamodb/audit-store.ts";
import { toConnectionItem, toTokenRecord } from "#shared/dynamodb/connection-item.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { keys } from "#shared/dynamodb/keys.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { toSessionItem } from "#shared/dynamodb/session-item.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import type { Table } from "#shared/dynamodb/table.ts";
import { createFinch } from "#shared/finch/finch.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { createLog } from "#shared/log.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as createExchange } from "../../../functions/exchange-authorization-code/handler.ts";
import { createHandler as createGetAccessToken } from "../../../functions/get-access-token/handler.ts";
import { createHandler as createListConnections } from "../../../functions/list-connections/handler.ts";
import { aConnection, anOpening, aSession, aTokenRecord, newCustomerId, newSessionId } from "../../support/builders.ts";
import type { Answers, Clients } from "./stub-aws.ts";

/** A function that is measured. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly answers: Answers;
  /** Makes one invocation over these clients. @throws Error when it does not answer as it should. */
  readonly over: (clients: Clients) => () => Promise<void>;
}

const customerId = newCustomerId();
// As a function logs: a line is written at once.
const nowhere = openSync("/dev/null", "w");
const log = createLog((line) => void writeSync(nowhere, `${line}\n`));
const tableOf = ({ dynamodb }: Clients): Table => ({ name: "perch", client: dynamodb });
const vaultOf = ({ kms }: Clients) =>
  createTokenVault(kms, "arn:aws:kms:us-east-1:111122223333:key/7c9e6679-7425-40de-944b-e07fc1f90ae7");

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
/** As long as a token's with KMS, in base64 as the wire has it. */
const ciphertext = base64(new Uint8Array(200));

/** An item as DynamoDB answers with it. */
const wireItem = (connection: Connection): object => marshall(toConnectionItem(connection));

const connectionOf = (): Connection =>
  aConnection({ customerId, companyId: randomUUID(), tokens: [aTokenRecord({ createdAt: new Date() })] });

const eventOf = (path: Readonly<Record<string, string>>, body?: object) => ({
  version: "2.0",
  pathParameters: path,
  headers: { "content-type": "application/json", "user-agent": "node", host: "perch.example" },
  ...(body && { body: JSON.stringify(body) }),
  requestContext: {
    requestId: "JKJaXmPLvHcESHA=",
    authorizer: { jwt: { claims: { client_id: "3n4b5urk1ft4fl3mg5e62d9ado", sub: "3n4b5urk1ft4fl3mg5e62d9ado" } } },
  },
});

const mustBe = (answer: unknown, expected: unknown): void => {
  if (answer !== expected) throw new Error(`answered ${answer} instead of ${expected}`);
};

const list: Case = {
  name: "list of 20",
  what: "GET /v1/customers/{customer_id}/connections of a customer with 20",
  answers: { Query: JSON.stringify({ Count: 20, Items: Array.from({ length: 20 }, () => wireItem(connectionOf())) }) },
  over: (clients) => {
    const table = tableOf(clients);
    const stores = { customers: createCustomerStore(table), connections: createConnectionStore(table) };
    const handler = createListConnections({ log, ...stores });
    const event = eventOf({ customer_id: customerId });
    return async () => mustBe((await handler(event)).statusCode, 200);
  },
};

const handedOut = connectionOf();
const [token] = handedOut.tokens.map((record) => ({
  ...marshall({ ...keys.token(customerId, handedOut.connectionId, record.tokenId), record: toTokenRecord(record) }),
  ciphertext: { B: ciphertext },
}));

const handOut: Case = {
  name: "hand-out",
  what: "POST /v1/customers/{customer_id}/connections/{connection_id}/access-token",
  answers: {
    GetItem: JSON.stringify({ Item: wireItem(handedOut) }),
    Query: JSON.stringify({ Count: 1, Items: [token] }),
    Decrypt: JSON.stringify({ Plaintext: base64(Buffer.from("not-a-real-access-token-of-36-letters")) }),
    PutItem: "{}",
  },
  over: (clients) => {
    const table = tableOf(clients);
    const handler = createGetAccessToken({
      ...surroundings,
      log,
      connections: createConnectionStore(table),
      findNewestTokens: createFindNewestTokens(table),
      vault: vaultOf(clients),
      audit: createAuditStore(table),
    });
    const wish = { products: ["directory"], reason: "nightly headcount report" };
    const event = eventOf({ customer_id: customerId, connection_id: handedOut.connectionId }, wish);
    return async () => mustBe((await handler(event)).statusCode, 200);
  },
};

const sessionId = newSessionId();
const state = createCapability(sessionId, new Uint8Array(32).fill(9));
const holder = { cookie: "c".repeat(43) };
const hashes = { stateHash: state.hash, holderHash: holderHash(holder) };
const session = aSession({
  ...{ sessionId, customerId, status: "exchanging", openings: [anOpening(hashes)] },
  exchange: { ...hashes, codeHash: state.hash, attempt: 1, leaseUntil: new Date() },
});
const granted = {
  ...{ access_token: "not-a-real-access-token-of-36-letters", connection_id: randomUUID(), provider_id: "gusto" },
  ...{ client_type: "sandbox", connection_type: "provider", company_id: randomUUID(), customer_id: customerId },
  ...{ products: ["company", "directory"], entity_ids: [randomUUID()], token_type: "bearer" },
};

const exchange: Case = {
  name: "exchange",
  what: "the exchange function, from its invocation to the stored connection; Finch's answer is there at once on both sides",
  answers: {
    UpdateItem: JSON.stringify({ Attributes: marshall(toSessionItem(session)) }),
    Encrypt: JSON.stringify({ CiphertextBlob: ciphertext }),
    TransactWriteItems: "{}",
  },
  over: (clients) => {
    const table = tableOf(clients);
    const handler = createExchange({
      ...surroundings,
      log,
      sessions: createSessionStore(table),
      connections: createConnectionStore(table),
      vault: vaultOf(clients),
      finch: createFinch({
        send: async () => ({ kind: "answer", status: 200, body: granted, requestId: randomUUID() }),
        credentials: async () => ({ clientId: "client-of-the-platform", clientSecret: secret("not-a-real-secret") }),
      }),
      clientType: "sandbox",
      redirectUri: "https://perch.example/connect/callback",
      // Beside Finch's answer: what gives leave to ask for it is not among what is compared.
      leave: { begin: () => {}, end: async () => {} },
    });
    const event = { state: state.text, code: "not-a-real-code", ...holder };
    const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 420_000 };
    return async () => mustBe((await handler(event, context)).status, "ended");
  },
};

export const cases: readonly Case[] = [list, exchange, handOut];
