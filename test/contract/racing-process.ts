/**
 * One of several processes that race for one connection: `node racing-process.ts`. It says `ready`, waits for one line of
 * JSON on its standard input (`Race`), stores what Finch granted for each session, and writes how each ended.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { surroundings } from "#shared/aws/surroundings.ts";
import type { ConnectionId, SessionId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore } from "#shared/connection/ports.ts";
import { storeGrant } from "#shared/connection/store-grant.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { aGrant } from "../support/builders.ts";
import { createLocalClient } from "../support/dynoxide.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";

/** What a process is to do. */
export interface Race {
  readonly endpoint: string;
  readonly tableName: string;
  readonly connectionId: ConnectionId;
  readonly sessionIds: readonly SessionId[];
}

/** How one session ended, and what its claims were answered. */
export interface RaceResult {
  readonly sessionId: SessionId;
  readonly status: string;
  readonly reason: string | null;
  readonly claims: readonly string[];
}

const run = async ({ endpoint, tableName, connectionId, sessionIds }: Race): Promise<readonly RaceResult[]> => {
  const table = openTable(tableName, createLocalClient(endpoint));
  const sessions = createSessionStore(table);
  const connections = createConnectionStore(table);
  const vault = createMemoryTokenVault();
  const store = async (sessionId: SessionId): Promise<RaceResult> => {
    const session = await sessions.find(sessionId);
    if (session === undefined) throw new Error("the session is not there");
    const claims: string[] = [];
    const claim: ConnectionStore["claim"] = async (asked) => {
      const claimed = await connections.claim(asked);
      claims.push(claimed.ok ? "claimed" : claimed.refusal.reason);
      return claimed;
    };
    const deps = { ...surroundings, sessions, connections: { ...connections, claim }, vault, clientType: "sandbox" };
    const deadline = new Date(Date.now() + 50_000);
    const { status, failureReason: reason } = await storeGrant(deps, session, aGrant({ connectionId }), deadline);
    return { sessionId, status, reason, claims };
  };
  return Promise.all(sessionIds.map(store));
};

process.stdout.write("ready\n");
const [line] = await once(createInterface(process.stdin), "line");
process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
process.exit(0);
