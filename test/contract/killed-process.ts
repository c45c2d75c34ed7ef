/**
 * The process that is killed: `node killed-process.ts`. It is told what to do by a line of JSON on its standard input
 * (`Order`), writes a line before and after each call of a port, and does not go on until a line comes back.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { surroundings } from "#shared/aws/surroundings.ts";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { createFinch } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { createLocalClient } from "../support/dynoxide.ts";
import { intercept, type MeetCall } from "../support/intercept.ts";
import { ownClientId } from "../support/memory/finch.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";

/** What the process is to do. */
export interface Order {
  readonly endpoint: string;
  readonly tableName: string;
  readonly finchUrl: string;
  readonly vaultKey: string;
  readonly nowMs: number;
  readonly work: Work;
}

/** A callback, or a token that the platform brings. */
export type Work =
  | { readonly state: string; readonly code: string; readonly cookie: string }
  | { readonly customerId: CustomerId; readonly accessToken: string };

/** The last line of a process that nobody has killed. */
export const ended = "ended";

const lifeMs = 7 * 60_000;
const lines = createInterface(process.stdin);

const meet: MeetCall = async ({ name, moment }) => {
  process.stdout.write(`${moment} ${name}\n`);
  await once(lines, "line");
};

const run = async ({ endpoint, tableName, finchUrl, vaultKey, nowMs, work }: Order): Promise<void> => {
  const table = openTable(tableName, createLocalClient(endpoint));
  const beganAt = performance.now();
  const now = () => new Date(nowMs + performance.now() - beganAt);
  const { newId, randomBytes, sleep } = surroundings;
  const credentials = async () => ({ clientId: ownClientId, clientSecret: secret("not-a-real-secret") });
  const dependencies = intercept(
    {
      ...{ now, newId, randomBytes, sleep },
      customers: createCustomerStore(table),
      sessions: createSessionStore(table),
      connections: createConnectionStore(table),
      vault: createMemoryTokenVault(Buffer.from(vaultKey, "hex")),
      finch: createFinch({ send: createSendToFinch(createTransport(finchUrl, () => new Date())), credentials }),
      clientType: "sandbox",
      redirectUri: "https://perch.example/connect/callback",
    },
    meet,
  );
  if ("accessToken" in work) {
    await importConnection(dependencies)(work.customerId, secret(work.accessToken));
    return;
  }
  const { state, code, cookie } = work;
  const response = { state, code: secret(code), holder: { cookie } };
  await exchangeAuthorizationCode(dependencies)(response, new Date(now().getTime() + lifeMs));
};

if (process.argv[1] === import.meta.filename) {
  const [line] = await once(lines, "line");
  await run(JSON.parse(line));
  process.stdout.write(`${ended}\n`);
  process.exit(0);
}
