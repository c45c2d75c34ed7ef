/**
 * How often a request waits for the world outside, one time after the other. What is counted are the SDK's own calls, on
 * dynoxide. It is long because the functions whose calls are counted are put together here.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operation as getAccessToken } from "#generated/operations/get-access-token.js";
import { operation as getConnection } from "#generated/operations/get-connection.js";
import { operation as listConnections } from "#generated/operations/list-connections.js";
import { operation as receiveConnectCallback } from "#generated/operations/receive-connect-callback.js";
import { createBudgets } from "#shared/budget/budgets.ts";
import { createAskForLeave } from "#shared/budget/leave.ts";
import { createLeaveAhead } from "#shared/budget/leave-ahead.ts";
import { createCapability } from "#shared/connection/capability.ts";
import { holderHash } from "#shared/connection/connect-session.ts";
import type { Finch } from "#shared/connection/finch-port.ts";
import { createAuditStore } from "#shared/dynamodb/audit-store.ts";
import { createBudgetStore } from "#shared/dynamodb/budget-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { createInvokeExchange } from "#shared/lambda/invoke-exchange.ts";
import { createHandler as createExchange } from "../../functions/exchange-authorization-code/handler.ts";
import { createHandler as createGetAccessToken } from "../../functions/get-access-token/handler.ts";
import { createHandler as createGetConnection } from "../../functions/get-connection/handler.ts";
import { createHandler as createListConnections } from "../../functions/list-connections/handler.ts";
import { createHandler as createReceiveCallback } from "../../functions/receive-connect-callback/handler.ts";
import { aGrant, anOpening, aSession, minute, newSessionId } from "../support/builders.ts";
import { countRoundTrips } from "../support/count-round-trips.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { recordFigure } from "../support/evidence.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { storeSession } from "../support/store-session.ts";
import { ask, recordLog } from "../unit/functions/support.ts";

const tableName = "round-trips";
const holder = { cookie: "c".repeat(43) };

describe("round trips", () => {
  let dynoxide: Dynoxide;
  let table: Table;
  beforeAll(async () => {
    dynoxide = await startDynoxide();
    const client = createLocalClient(dynoxide.endpoint);
    await createConnectionTable(client, tableName);
    table = openTable(tableName, client);
    // The very first request of a deployment takes one more.
    await createCounted().budgets.reserve("address", "sweep");
  });
  afterAll(() => dynoxide?.stop());

  /** The clients, each call of which is counted with the command that it sends. */
  const createCounted = (exchangeCode: Finch["exchangeCode"] = async () => expect.fail("Finch is not asked")) => {
    const commands: string[] = [];
    const noted = (send: (command: object) => unknown) => (command: object) => {
      commands.push(command.constructor.name);
      return send(command);
    };
    const { ports, trips } = countRoundTrips({
      dynamodb: { send: noted((command) => table.client.send(command as never)) },
      kms: {
        send: noted(async () => ({ CiphertextBlob: Buffer.from("a ciphertext"), Plaintext: Buffer.from("a token") })),
      },
      finch: { exchangeCode },
    });
    const counted: Table = { name: tableName, client: ports.dynamodb as unknown as DynamoDBDocumentClient };
    return {
      ...{ commands, trips, finch: ports.finch },
      vault: createTokenVault(ports.kms as unknown as KMSClient, "arn:aws:kms:us-east-1:111122223333:key/none"),
      customers: createCustomerStore(counted),
      sessions: createSessionStore(counted),
      connections: createConnectionStore(counted),
      audit: createAuditStore(counted),
      budgets: createBudgets({
        ...createMemorySurroundings(),
        ...{ store: createBudgetStore(counted), share: 1, noteFailure: (error: unknown) => expect.fail(String(error)) },
      }),
      findNewestTokens: createFindNewestTokens(counted),
    };
  };

  /** A session that is about to come back from Finch, and the function that will exchange its code. */
  const createReturn = async () => {
    const sessionId = newSessionId();
    const { hash: stateHash, text: state } = createCapability(sessionId, new Uint8Array(32));
    const session = aSession({ sessionId, openings: [anOpening({ stateHash, holderHash: holderHash(holder) })] });
    await storeSession({ customers: createCustomerStore(table), sessions: createSessionStore(table) }, session);
    const grant = aGrant();
    const { commands, trips, ...counted } = createCounted(async () => ({ kind: "granted", grant }));
    const stage = { clientType: "sandbox", redirectUri: "https://perch.example/connect/callback" };
    // Ids of its own: the table has those of the other exchanges.
    const surroundings = { ...createMemorySurroundings(), newId: () => randomUUID() };
    // As the way to Finch does it, which is not this test's.
    const { budgets } = counted;
    const leave = createLeaveAhead(
      createAskForLeave({ ...surroundings, budgets, priority: "exchange", patienceMs: 0 }),
      surroundings.now,
    );
    const finch: Pick<Finch, "exchangeCode"> = {
      async exchangeCode(...about) {
        await leave.askForLeave("/auth/token", 0);
        return counted.finch.exchangeCode(...about);
      },
    };
    const handler = createExchange({ ...surroundings, ...counted, ...stage, finch, leave, ...recordLog() });
    const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => 7 * minute };
    return {
      ...{ commands, trips, state },
      exchange: (event: unknown) => handler(event, context),
      path: { customer_id: session.customerId, connection_id: grant.connectionId },
    };
  };

  /** It has come back, and its code is exchanged. */
  const exchange = async () => {
    const { exchange, state, ...rest } = await createReturn();
    const exchanged = await exchange({ state, code: "not-a-real-code", ...holder });
    expect(exchanged).toMatchObject({ status: "ended", ending: { outcome: "connected" } });
    return rest;
  };

  it("are four for an exchange: the session's beginning beside the leave to send, Finch, KMS, the claim", async () => {
    const { commands, trips } = await exchange();
    const begins = ["dynamodb.send", "dynamodb.send"];
    expect(trips).toEqual([begins, ["finch.exchangeCode"], ["kms.send"], ["dynamodb.send"]]);
    expect(commands).toEqual(["UpdateCommand", "UpdateCommand", "EncryptCommand", "TransactWriteCommand"]);
    recordFigure("round trips of an exchange", trips.length, "round trips", "An exchange is stored with four at most");
  });

  it("are one for a callback beside its exchange: the function's invocation, and nothing else on the wire", async () => {
    const back = await createReturn();
    const { commands, trips, exchange, path, state } = back;
    const invocationUrl = "/2015-03-31/functions/exchange-authorization-code/invocations";
    const invocation = `POST ${invocationUrl}`;
    const wire: string[] = [];
    const server = createServer(async (request, response) => {
      wire.push(`${request.method} ${request.url}`);
      const event = await json(request);
      response.end(JSON.stringify(request.url === invocationUrl ? await exchange(event) : {}));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clientOf = { endpoint, region: "us-east-1", credentials };
    const lambda = new LambdaClient(clientOf);
    const dynamodb = new DynamoDBClient(clientOf);
    const handler = createReceiveCallback({
      ...createMemorySurroundings(),
      ...recordLog(),
      sessions: createSessionStore(openTable(tableName, dynamodb)),
      exchange: createInvokeExchange(lambda, "exchange-authorization-code"),
    });
    const comeBack = () =>
      ask(handler, receiveConnectCallback, {
        query: { state, code: "not-a-real-code" },
        cookies: [`__Host-perch_browser=${holder.cookie}`],
      });
    try {
      const first = await comeBack();
      expect(first.headers["location"]).toContain(path.connection_id);
      expect([wire, trips.length]).toEqual([[invocation], 4]);
      // The browser repeats it: what became of the code is read, by the write that would have begun its exchange.
      const again = await comeBack();
      expect(again.headers["location"]).toBe(first.headers["location"]);
      expect([wire, trips.length, commands.at(-1)]).toEqual([[invocation, invocation], 6, "UpdateCommand"]);
      recordFigure(
        "round trips of a callback",
        1,
        "round trips",
        "A callback has the code exchanged, and asks nothing else",
      );
    } finally {
      for (const client of [lambda, dynamodb]) client.destroy();
      server.close();
    }
  });

  it("are one for a list", async () => {
    const { path } = await exchange();
    const { log } = recordLog();
    const { commands, trips, ...counted } = createCounted();
    const { customer_id } = path;
    const listed = await ask(createListConnections({ log, ...counted }), listConnections, { path: { customer_id } });
    expect(listed.body).toMatchObject({ connections: [{ connection_id: path.connection_id }] });
    expect([trips, commands]).toEqual([[["dynamodb.send"]], ["QueryCommand"]]);
    recordFigure("round trips of a list", trips.length, "round trips", "A page of connections is one query");
  });

  it("are two for an access token: the connection and its tokens, then KMS and the audit", async () => {
    const { path } = await exchange();
    const { log } = recordLog();
    const { commands, trips, ...counted } = createCounted();
    const handler = createGetAccessToken({ ...createMemorySurroundings(), log, ...counted });
    const wish = { products: ["company"], reason: "a report" };
    const handedOut = await ask(handler, getAccessToken, { path, body: wish });
    expect(handedOut.body).toMatchObject({ connection_id: path.connection_id });
    expect(trips.map((trip) => trip.toSorted())).toEqual([
      ["dynamodb.send", "dynamodb.send"],
      ["dynamodb.send", "kms.send"],
    ]);
    expect(commands.toSorted()).toEqual(["DecryptCommand", "GetCommand", "PutCommand", "QueryCommand"]);
    recordFigure("round trips of a hand-out", trips.length, "round trips", "An access token is handed out after two");
  });

  it("are one for a connection", async () => {
    const { path } = await exchange();
    const { log } = recordLog();
    const { commands, trips, ...counted } = createCounted();
    const got = await ask(createGetConnection({ log, ...counted }), getConnection, { path });
    expect(got.body).toMatchObject({ connection_id: path.connection_id });
    expect([trips, commands]).toEqual([[["dynamodb.send"]], ["GetCommand"]]);
    recordFigure("round trips of a connection", trips.length, "round trips", "A connection is got by one read");
  });
});
