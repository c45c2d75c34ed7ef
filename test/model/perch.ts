/** Perch as it is deployed, in one process: its use cases' dependencies over stores in memory and a modelled Finch. */
import { hashOf } from "#shared/connection/capability.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import type { Surroundings, TokenVault } from "#shared/connection/ports.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { type Trial, type TrialReport, tryConnections } from "#shared/connection/try-connections.ts";
import type { Secret } from "#shared/secret.ts";
import { createFaultyProcess, type Point } from "../faults/faulty-ports.ts";
import { noRosters } from "../support/memory/roster-eraser.ts";
import { createMemoryStores } from "../support/memory/stores.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { createVaultOfSecrets } from "../support/memory/vault-of-secrets.ts";
import { createFinch, type FinchHabits, type FinchWebhook } from "./finch.ts";

/** Everything that use cases ask for. */
export type Ports = Perch["ports"];
export type Perch = ReturnType<typeof createPerch>;

/** How a process ended; `wasFaulty` if something went wrong in it. */
export interface Ran<Value> {
  readonly value: Value | undefined;
  readonly wasFaulty: boolean;
}

/** Where the ciphertext is: in the table, or beside it. */
export type TokenStore = "kms" | "secrets-manager";

/** Puts a bug into the ports. */
export type Plant = (ports: Ports, perch: Perch) => void;

const asksForLook: ReadonlySet<string> = new Set(["ConnectionCreated", "ConnectionHeld", "ConnectionReconnected"]);

/** What Finch signs webhooks with. */
export const webhookSecret = Buffer.from("not-a-real-webhook-secret").toString("base64");
const webhookKey = Buffer.from(webhookSecret, "base64");

export const functionLifeMs = 5 * 60_000;
export const returnOrigin = "https://app.example";

/** The ports with what the functions do after a look, by the same ports. */
export const withAfterLook = <Given extends Parameters<typeof markPossibleDuplicates>[0]>(given: Given): Given => ({
  ...given,
  afterLook: markPossibleDuplicates(given),
});

/** A Perch with nothing in it. */
export const createPerch = (habits: FinchHabits, store: TokenStore) => {
  const stores = createMemoryStores();
  const surroundings = createMemorySurroundings();
  const { now, randomBytes, newId, sleep } = surroundings;
  const chance: Surroundings = { now, randomBytes, newId, sleep };
  const { customers, sessions, connections, due, outbox, webhooks, marks, deletions, memory } = stores;
  const finch = createFinch(habits, now);
  const secrets = createVaultOfSecrets();
  const vault: TokenVault = store === "kms" ? createMemoryTokenVault() : secrets;
  let hadFaults = false;
  const bus: PerchEvent[] = [];
  const nudged: { readonly customerId: CustomerId; readonly connectionId: string }[] = [];
  /** Requests for looks, in any order. */
  const queue: CheckRequest[] = [];
  /** Finch's webhooks that came. */
  const delivered: FinchWebhook[] = [];
  /** What goes wrong in the function that tries connections for a sweep. */
  let trialFault: Point | undefined;
  const failures: string[] = [];
  const nudgedDeletions: DeletionId[] = [];
  const story: string[] = [];
  /** Connections that were ended at Finch while nobody had asked for it. */
  const cutOff: string[] = [];

  const ports = {
    ...chance,
    ...{ customers, sessions, connections, due, outbox, marks, deletions, vault },
    finch: {
      ...finch.port,
      disconnect: async (accessToken: Secret) => {
        const answer = await finch.port.disconnect(accessToken);
        const connectionId = finch.tokens.get(accessToken.reveal())?.connectionId;
        const stored = [...memory.connections.values()].find((each) => each.connectionId === connectionId);
        if (answer.kind === "disconnected" && stored?.disconnect == null) cutOff.push(`${connectionId}`);
        return answer;
      },
    },
    clientType: "sandbox",
    publicUrl: "https://perch.example",
    redirectUri: "https://perch.example/connect/callback",
    returnOrigins: [returnOrigin],
    customerHash: async (customerId: CustomerId) => hashOf(customerId),
    checkIntervalMs: 24 * 3_600_000,
    webhooks,
    rosters: noRosters,
    // With the process's own ports, so that it dies with it.
    afterLook: async (_: Connection): Promise<unknown> => undefined,
    keys: { read: async () => [webhookKey], readAnew: async () => undefined },
    nudgeChecks: async (requests: readonly CheckRequest[]) => {
      queue.push(...requests);
    },
    pauses: stores.checkPauses,
    checksPerRun: 600,
    noteFailure: (error: unknown) => {
      if (trialFault === undefined) failures.push(`a look failed: ${error}`);
    },
    tryConnections: async (trial: Trial): Promise<TrialReport> => {
      const deadline = new Date(now().getTime() + 60_000);
      const { value } = await run(trialFault, 60_000, (given) => tryConnections(withAfterLook(given))(trial, deadline));
      if (value === undefined) throw new Error("the trial's function has not answered");
      return value;
    },
    putOntoBus: async (events: readonly PerchEvent[]): Promise<ReadonlySet<string>> => {
      bus.push(...structuredClone(events));
      // A rule asks for a look at what has just come.
      for (const { type, customerId, subject, time } of events) {
        if (subject.kind !== "connection" || !asksForLook.has(type)) continue;
        queue.push({ customerId, connectionId: subject.id, reason: "connected", askedAt: time });
      }
      return new Set(events.map(({ eventId }) => eventId));
    },
    nudgeDisconnects: async (asked: readonly { readonly customerId: CustomerId; readonly connectionId: string }[]) => {
      nudged.push(...asked);
    },
    // Nobody is deleted here.
    nudgeDeletions: async (asked: readonly DeletionId[]) => {
      nudgedDeletions.push(...asked);
    },
  };

  /**
   * Runs something as a process of its own, in which one call may go wrong.
   *
   * @throws what it threw, if nothing went wrong in it.
   */
  const run = async <Value>(
    fault: Point | undefined,
    lifeMs: number,
    work: (given: typeof ports) => Promise<Value>,
  ): Promise<Ran<Value>> => {
    const endsAt = new Date(now().getTime() + lifeMs);
    const process = createFaultyProcess(ports, surroundings, { points: fault ? [fault] : [], endsAt });
    const outcome = await process.run(() => work(withAfterLook(process.ports)).then((value) => ({ value })));
    const wasFaulty = fault !== undefined && process.calls.length >= fault.call;
    hadFaults ||= wasFaulty;
    if (outcome === "died") return { value: undefined, wasFaulty };
    if ("value" in outcome) return { value: outcome.value, wasFaulty };
    if (!wasFaulty) throw outcome.threw;
    return { value: undefined, wasFaulty };
  };

  return {
    ...surroundings,
    ...{ ports, memory, vault, finch, bus, nudged, nudgedDeletions, queue, delivered, story, cutOff, failures, run },
    clientType: "sandbox",
    secretNames: secrets.names,
    setTrialFault: (fault: Point | undefined) => {
      trialFault = fault;
    },
    /** Whether anything has gone wrong so far: then a secret may be left that no item names. */
    hadFaults: () => hadFaults,
  };
};
