/** All of the domain on fakes: customers, browsers, a Finch that issues tokens, a bus, and time that passes when told to. */

import { createCapability } from "#shared/connection/capability.ts";
import type { CheckConnectionDependencies } from "#shared/connection/check-connection.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { type ConnectSession, type Holder, holderHash } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerMode } from "#shared/connection/customer.ts";
import { type DriveDeletionDependencies, driveDeletion } from "#shared/connection/drive-deletion.ts";
import { type DriveDisconnectDependencies, driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import {
  type ExchangeDependencies,
  type ExchangeResult,
  exchangeAuthorizationCode,
} from "#shared/connection/exchange-authorization-code.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { ImportConnectionDependencies } from "#shared/connection/import-connection.ts";
import type { Surroundings } from "#shared/connection/ports.ts";
import { type SweepDueDependencies, sweepDue } from "#shared/connection/sweep-due.ts";
import { secret } from "#shared/secret.ts";
import { anOpening, aProfile, aSession, minute, newCustomerId, noon } from "./builders.ts";
import { aGrantFor, createIssuingFinch } from "./issuing-finch.ts";
import { createMemoryStores } from "./memory/stores.ts";
import { createMemorySurroundings } from "./memory/surroundings.ts";
import { createVaultOfSecrets } from "./memory/vault-of-secrets.ts";
import { stepsOf } from "./steps-of.ts";

/** How long the function of an exchange may live. */
export const exchangeLifeMs = 7 * minute;
const cookie = "cookie-of-the-browser";

/** One customer's way back from Connect: `callback` may be repeated, by any process. */
export interface SignIn {
  readonly session: ConnectSession;
  readonly callback: (deps?: ExchangeDependencies) => Promise<ExchangeResult>;
}

/** A world in which nothing has happened yet. */
export type World = ReturnType<typeof createWorld>;

/** Creates a world; `seed` decides chance. */
export const createWorld = (seed = 1) => {
  const stores = createMemoryStores();
  const surroundings = createMemorySurroundings({ seed });
  // Secrets beside the table: what is forgotten or destroyed too early shows.
  const { names: secretNames, ...vault } = createVaultOfSecrets();
  const finch = createIssuingFinch();
  const bus: PerchEvent[] = [];
  let names = 0;

  const { now, randomBytes, newId, sleep } = surroundings;
  const chance: Surroundings = { now, randomBytes, newId, sleep };
  const { customers, sessions, connections, deletions, due, outbox, marks, memory } = stores;
  const checksAsked: CheckRequest[] = [];
  const exchangeDeps: ExchangeDependencies = {
    ...chance,
    sessions,
    connections,
    vault,
    finch,
    clientType: "sandbox",
    redirectUri: "https://perch.example/connect/callback",
  };
  const importDeps: ImportConnectionDependencies = {
    ...chance,
    customers,
    connections,
    vault,
    finch,
    clientType: "sandbox",
  };
  const driveDeps: DriveDisconnectDependencies = {
    ...chance,
    connections,
    marks,
    vault,
    finch,
    nudgeChecks: async (requests) => void checksAsked.push(...requests),
    customerHash: async (customerId) => `keyed hash of ${customerId.length} characters`,
  };
  const checkDeps: CheckConnectionDependencies = {
    ...chance,
    connections,
    vault,
    finch,
    checkIntervalMs: 24 * 60 * minute,
  };
  const drive = driveDisconnect(driveDeps);
  const driveNow: SweepDueDependencies["nudgeDisconnects"] = async (asked) => {
    for (const { customerId, connectionId } of asked) await drive(customerId, connectionId);
  };
  const deletionDeps: DriveDeletionDependencies = {
    ...chance,
    deletions,
    sessions,
    ...{ connections, rosters: stores.rosters },
    nudgeDisconnects: driveNow,
    // What it asks for later, the sweep brings.
    nudgeDeletions: async () => {},
  };
  const sweepDeps: SweepDueDependencies = {
    ...chance,
    due,
    sessions,
    outbox,
    putOntoBus: async (events) => {
      bus.push(...structuredClone(events));
      return new Set(events.map(({ eventId }) => eventId));
    },
    nudgeDisconnects: driveNow,
    nudgeDeletions: async (asked) => {
      for (const deletionId of asked) await stepsOf(driveDeletion(deletionDeps), deletionId);
    },
  };

  const createCustomer = async (name: string, mode: CustomerMode = "multiple"): Promise<CustomerId> => {
    const customerId = newCustomerId(name);
    await customers.put(aProfile({ customerId }), { incarnation: `of ${name}`, defaultMode: mode, now: noon });
    return customerId;
  };

  /** A session of the customer that was opened; Finch will grant this for its code, or nothing for none. */
  const signIn = async (
    customerId: CustomerId,
    grant: Partial<TokenGrant> | undefined,
    changes: Partial<ConnectSession> = {},
  ): Promise<SignIn> => {
    names += 1;
    const name = `sign-in-${names}`;
    const incarnation = memory.customers.get(customerId)?.incarnation ?? "";
    const opened = aSession({ customerId, incarnation, createdAt: now(), expiresAt: inMinutes(60), ...changes });
    const holder: Holder = opened.mode === "embedded" ? { embeddedFor: customerId } : { cookie };
    const state = createCapability(opened.sessionId, randomBytes(32));
    const opening = anOpening({ stateHash: state.hash, holderHash: holderHash(holder) });
    const session = { ...opened, openings: [opening] };
    const stored = await sessions.create(session);
    if (!stored.ok) throw new Error(`the session is not stored: ${stored.refusal}`);
    const { sessionId } = session;
    if (grant) finch.willIssue(name, { grant: aGrantFor(name, grant), forCustomer: customerId, sessionId });
    const response = () => ({ state: state.text, code: secret(name), holder });
    const deadline = () => new Date(now().getTime() + exchangeLifeMs);
    return { session, callback: (deps = exchangeDeps) => exchangeAuthorizationCode(deps)(response(), deadline()) };
  };

  /** A connection that the customer has made. */
  const connect = async (
    customerId: CustomerId,
    grant: Partial<TokenGrant> = {},
    changes: Partial<ConnectSession> = {},
  ): Promise<Connection> => {
    const { session, callback } = await signIn(customerId, grant, changes);
    await callback();
    const made = [...memory.connections.values()].at(-1);
    if (made === undefined) throw new Error(`nothing came of session ${session.sessionId}`);
    return made;
  };

  /** A token that the customer's platform has had before Perch. */
  const ownToken = (customerId: CustomerId, grant: Partial<TokenGrant> = {}) => {
    names += 1;
    const made = aGrantFor(`import-${names}`, grant);
    finch.hasIssued({ grant: made, forCustomer: customerId, sessionId: undefined });
    return made;
  };

  const inMinutes = (minutes: number) => new Date(now().getTime() + minutes * minute);
  const sweep = sweepDue(sweepDeps);
  /** Lets time pass, with the sweep that comes every five minutes. */
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 5) {
      surroundings.advance(5 * minute);
      await sweep();
    }
  };

  return {
    ...stores,
    ...surroundings,
    vault,
    secretNames,
    finch,
    bus,
    checksAsked,
    clientType: "sandbox",
    exchangeDeps,
    importDeps,
    driveDeps,
    checkDeps,
    deletionDeps,
    sweepDeps,
    createCustomer,
    signIn,
    connect,
    ownToken,
    sweep,
    pass,
  };
};
