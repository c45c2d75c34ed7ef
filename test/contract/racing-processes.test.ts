/** Twenty functions in four processes store a token of one connection at once, for two customers. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCapability } from "#shared/connection/capability.ts";
import { holderHash } from "#shared/connection/connect-session.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import {
  anOpening,
  aProfile,
  aSession,
  newConnectionId,
  newCustomerId,
  newSessionId,
  noon,
} from "../support/builders.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { storeSession } from "../support/store-session.ts";
import { openDynamoStores } from "./open-stores.ts";
import type { Race, RaceResult } from "./racing-process.ts";

const tableName = "race";
const cookie = "cookie-of-the-racing-browsers";
let dynoxide: Dynoxide;
beforeAll(async () => {
  dynoxide = await startDynoxide();
  await createConnectionTable(createLocalClient(dynoxide.endpoint), tableName);
});
afterAll(() => dynoxide?.stop());

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
});

/** Starts a process; it waits at the line until it is told what to do. */
const startProcess = async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "racing-process.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const lines = createInterface(child.stdout);
  await once(lines, "line");
  return async (race: Race): Promise<readonly RaceResult[]> => {
    child.stdin.write(`${JSON.stringify(race)}\n`);
    const [line] = await once(lines, "line");
    return JSON.parse(line);
  };
};

it("gives the connection to one customer, and tells each of the other's functions of the conflict", async () => {
  const stores = openDynamoStores(createLocalClient(dynoxide.endpoint), tableName, 1);
  const createSessions = async (customerId: CustomerId) => {
    const made = { incarnation: "first", defaultMode: "multiple", now: noon } as const;
    await stores.customers.put(aProfile({ customerId }), made);
    const states = Array.from({ length: 10 }, () => createCapability(newSessionId(), randomBytes(32)));
    for (const { sessionId, hash } of states) {
      const opening = anOpening({ stateHash: hash, holderHash: holderHash({ cookie }) });
      await storeSession(stores, aSession({ sessionId, customerId, openings: [opening] }));
    }
    return states;
  };
  const [acme, globex] = [newCustomerId("acme"), newCustomerId("globex")];
  const ofAcme = await createSessions(acme);
  const ofGlobex = await createSessions(globex);
  const shares = [ofAcme.slice(0, 5), ofGlobex.slice(0, 5), ofAcme.slice(5), ofGlobex.slice(5)];

  const connectionId = newConnectionId();
  const processes = await Promise.all(shares.map(startProcess));
  const { endpoint } = dynoxide;
  const results = await Promise.all(
    processes.map((race, index) =>
      race({ endpoint, tableName, connectionId, cookie, states: (shares[index] ?? []).map(({ text }) => text) }),
    ),
  );

  const owner = await stores.findOwner(connectionId);
  const [winner, loser, losers] = owner === acme ? [acme, globex, ofGlobex] : [globex, acme, ofAcme];
  expect(owner).toBe(winner);
  for (const { sessionId, status, reason, claims } of results.flat()) {
    const lost = losers.some((state) => state.sessionId === sessionId);
    expect([status, reason]).toEqual(lost ? ["failed", "connection_conflict"] : ["completed", null]);
    expect(claims.at(-1)).toBe(lost ? "owned_elsewhere" : "claimed");
    expect(await stores.sessions.find(sessionId)).toMatchObject({
      status,
      failureReason: reason,
      connectionId: lost ? null : connectionId,
    });
    // Nothing that the loser's session holds tells of the winner.
    if (lost) expect(JSON.stringify(await stores.sessions.find(sessionId))).not.toContain(winner);
  }
  expect(await stores.connections.find(loser, connectionId)).toBeUndefined();
  expect(await stores.customers.find(loser)).toMatchObject({ connectionCount: 0 });
  expect(await stores.customers.find(winner)).toMatchObject({ connectionCount: 1 });
  expect((await stores.connections.find(winner, connectionId))?.tokens).toHaveLength(10);
});
