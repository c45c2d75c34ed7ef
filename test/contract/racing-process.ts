/**
 * One of several processes that race for one connection: `node racing-process.ts`. It says `ready`, waits for one line of
 * JSON on its standard input (`Race`), exchanges a code for each `state`, and writes how each session ended.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { surroundings } from "#shared/aws/surroundings.ts";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { ConnectionId, SessionId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore } from "#shared/connection/store-ports.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { secret } from "#shared/secret.ts";
import { afterNoon, aGrant, noon } from "../support/builders.ts";
import { createLocalClient } from "../support/dynoxide.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";

/** What a process is to do. */
export interface Race {
  readonly endpoint: string;
  readonly tableName: string;
  readonly connectionId: ConnectionId;
  readonly cookie: string;
  readonly states: readonly string[];
}

/** How one session ended, and what its claims were answered. */
export interface RaceResult {
  readonly sessionId: SessionId;
  readonly status: string;
  readonly reason: string | null;
  readonly claims: readonly string[];
}

const run = async ({ endpoint, tableName, connectionId, cookie, states }: Race): Promise<readonly RaceResult[]> => {
  const table = openTable(tableName, createLocalClient(endpoint));
  const connections = createConnectionStore(table);
  const store = async (state: string): Promise<RaceResult> => {
    const claims: string[] = [];
    const claim: ConnectionStore["claim"] = async (asked) => {
      const claimed = await connections.claim(asked);
      claims.push(claimed.ok ? "claimed" : claimed.refusal.reason);
      return claimed;
    };
    const exchange = exchangeAuthorizationCode({
      ...surroundings,
      // The sessions of the race are of the builders' noon.
      now: () => new Date(noon.getTime() + performance.now()),
      sessions: createSessionStore(table),
      connections: { ...connections, claim },
      vault: createMemoryTokenVault(),
      finch: { exchangeCode: async () => ({ kind: "granted", grant: aGrant({ connectionId }) }) },
      clientType: "sandbox",
      redirectUri: "https://perch.example/connect/callback",
    });
    const response = { state, code: secret("not-a-real-code"), holder: { cookie } };
    const result = await exchange(response, afterNoon(50_000));
    if (result.status !== "ended") throw new Error(`the exchange is ${result.status}`);
    const { sessionId, status, failureReason: reason } = result.session;
    return { sessionId, status, reason, claims };
  };
  return Promise.all(states.map(store));
};

process.stdout.write("ready\n");
const [line] = await once(createInterface(process.stdin), "line");
process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
process.exit(0);
