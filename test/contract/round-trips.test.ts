/** How often a request waits for the world outside, one time after the other. What is counted are the SDK's own calls, on dynoxide. */
import type { KMSClient } from "@aws-sdk/client-kms";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operation as getAccessToken } from "#generated/operations/get-access-token.js";
import { operation as getConnection } from "#generated/operations/get-connection.js";
import { operation as listConnections } from "#generated/operations/list-connections.js";
import { createCapability } from "#shared/connection/capability.ts";
import { holderHash } from "#shared/connection/connect-session.ts";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { Finch } from "#shared/connection/finch-port.ts";
import { createAuditStore } from "#shared/dynamodb/audit-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as createGetAccessToken } from "../../functions/get-access-token/handler.ts";
import { createHandler as createGetConnection } from "../../functions/get-connection/handler.ts";
import { createHandler as createListConnections } from "../../functions/list-connections/handler.ts";
import { afterNoon, aGrant, anOpening, aSession, minute, newSessionId } from "../support/builders.ts";
import { countRoundTrips } from "../support/count-round-trips.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { storeSession } from "../support/store-session.ts";
import { ask, recordLog } from "../unit/functions/support.ts";

const tableName = "round-trips";
const holder = { cookie: "cookie-of-the-browser" };

describe("round trips", () => {
  let dynoxide: Dynoxide;
  let table: Table;
  beforeAll(async () => {
    dynoxide = await startDynoxide();
    const client = createLocalClient(dynoxide.endpoint);
    await createConnectionTable(client, tableName);
    table = openTable(tableName, client);
  }, 60_000);
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
      findNewestTokens: createFindNewestTokens(counted),
    };
  };

  /** A session that came back from Finch, whose code is exchanged. */
  const exchange = async () => {
    const sessionId = newSessionId();
    const state = createCapability(sessionId, new Uint8Array(32));
    const opening = anOpening({ stateHash: state.hash, holderHash: holderHash(holder) });
    const session = aSession({ sessionId, openings: [opening] });
    await storeSession({ customers: createCustomerStore(table), sessions: createSessionStore(table) }, session);
    const grant = aGrant();
    const { commands, trips, ...counted } = createCounted(async () => ({ kind: "granted", grant }));
    const stage = { clientType: "sandbox", redirectUri: "https://perch.example/connect/callback" };
    const exchanged = await exchangeAuthorizationCode({ ...createMemorySurroundings(), ...counted, ...stage })(
      { state: state.text, code: secret("not-a-real-code"), holder },
      afterNoon(7 * minute),
    );
    expect(exchanged).toMatchObject({ status: "ended", session: { status: "completed" } });
    const path = { customer_id: session.customerId, connection_id: grant.connectionId };
    return { commands, trips, path };
  };

  it("are four for an exchange: the session's beginning, Finch, KMS, the claim", async () => {
    const { commands, trips } = await exchange();
    expect(trips).toEqual([["dynamodb.send"], ["finch.exchangeCode"], ["kms.send"], ["dynamodb.send"]]);
    expect(commands).toEqual(["UpdateCommand", "EncryptCommand", "TransactWriteCommand"]);
  });

  it("are one for a list", async () => {
    const { path } = await exchange();
    const { log } = recordLog();
    const { commands, trips, ...counted } = createCounted();
    const { customer_id } = path;
    const listed = await ask(createListConnections({ log, ...counted }), listConnections, { path: { customer_id } });
    expect(listed.body).toMatchObject({ connections: [{ connection_id: path.connection_id }] });
    expect([trips, commands]).toEqual([[["dynamodb.send"]], ["QueryCommand"]]);
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
  });

  it("are one for a connection", async () => {
    const { path } = await exchange();
    const { log } = recordLog();
    const { commands, trips, ...counted } = createCounted();
    const got = await ask(createGetConnection({ log, ...counted }), getConnection, { path });
    expect(got.body).toMatchObject({ connection_id: path.connection_id });
    expect([trips, commands]).toEqual([[["dynamodb.send"]], ["GetCommand"]]);
  });
});
