/** Many connections, a Finch that answers as it is told, and the sweep over them with its functions and its queue. */
import { type AnswerCheckRequestDependencies, answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import { hashOf } from "#shared/connection/capability.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { type SweptChecks, sweepChecks } from "#shared/connection/sweep-checks.ts";
import { type Trial, tryConnections } from "#shared/connection/try-connections.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, anIntrospection, aTokenRecord, minute, newCustomerId } from "./builders.ts";
import { createMemoryStores } from "./memory/stores.ts";
import { createMemorySurroundings } from "./memory/surroundings.ts";

/** Finch's answer about the n-th connection. */
export type AnswerAbout = (index: number) => IntrospectAnswer;

/** What Finch says of a connection that is as it was. */
export const healthy: IntrospectAnswer = {
  kind: "introspected",
  introspection: anIntrospection({ products: ["company", "directory"] }),
};

/** So many connections, each with a token, which have all fallen due; `perRun` is the pace. */
export const createCheckWorld = async (count: number, { perRun = 600 } = {}) => {
  const stores = createMemoryStores();
  const surroundings = createMemorySurroundings();
  const { memory, connections } = stores;
  const customerId = newCustomerId();
  const made: Connection[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = `token-${index}`;
    const record = aTokenRecord({ fingerprint: hashOf(text) });
    // One after the other, so that the order in which they are looked at is theirs.
    const nextCheckAt = new Date(surroundings.now().getTime() - minute - (count - index));
    const connection = aConnection({ customerId, tokens: [record], nextCheckAt });
    const { connectionId } = connection;
    const key = `${customerId}#${connectionId}`;
    memory.connections.set(key, connection);
    memory.owners.set(connectionId, customerId);
    const sealed = { ciphertext: Buffer.from(text) };
    memory.tokens.set(`${key}#${record.tokenId}`, { customerId, connectionId, record, sealed });
    made.push(connection);
  }

  let answerAbout: AnswerAbout = () => healthy;
  const callTimes: number[] = [];
  const destroyed: unknown[] = [];
  const lookedAt: Connection[] = [];
  const looking: AnswerCheckRequestDependencies = {
    ...surroundings,
    connections,
    webhooks: stores.webhooks,
    afterLook: async (connection) => void lookedAt.push(connection),
    checkIntervalMs: 24 * 60 * minute,
    vault: {
      open: async (sealed) => secret("ciphertext" in sealed ? Buffer.from(sealed.ciphertext).toString() : ""),
      destroy: async (sealed) => void destroyed.push(sealed),
    },
    finch: {
      introspect: async (accessToken) => {
        callTimes.push(surroundings.now().getTime());
        return answerAbout(Number(accessToken.reveal().slice("token-".length)));
      },
    },
  };
  const queue: CheckRequest[] = [];
  const trials: Trial[] = [];
  const attempt = tryConnections({ ...looking, noteFailure: () => {} });
  const sweepDeps = {
    ...surroundings,
    due: stores.due,
    pauses: stores.checkPauses,
    checksPerRun: perRun,
    nudgeChecks: async (requests: readonly CheckRequest[]) => void queue.push(...requests),
    tryConnections: (trial: Trial) => {
      trials.push(trial);
      return attempt(trial, new Date(surroundings.now().getTime() + minute));
    },
  };
  const sweep = sweepChecks(sweepDeps);
  const answer = answerCheckRequest(looking);
  const runs: SweptChecks[] = [];

  /** One run of the schedule, then what it put into the queue; the next begins five minutes after it. */
  const runOnce = async (): Promise<SweptChecks> => {
    const begun = surroundings.now().getTime();
    const swept = await sweep();
    runs.push(swept);
    for (const request of queue.splice(0)) await answer(request);
    surroundings.setNow(new Date(Math.max(surroundings.now().getTime(), begun + 5 * minute)));
    return swept;
  };

  return {
    ...stores,
    ...surroundings,
    ...{ sweepDeps, runOnce, runs, trials, destroyed, callTimes, made, looking, lookedAt },
    finchSays: (next: AnswerAbout) => {
      answerAbout = next;
    },
    /** Runs so often. */
    runFor: async (times: number) => {
      for (let run = 0; run < times; run += 1) await runOnce();
    },
    /** How often an alarm went off that is on as long as runs say that the sweep pauses. */
    alarms: () => runs.filter(({ kind }, index) => kind === "paused" && runs[index - 1]?.kind !== "paused").length,
    /** The connections that are not as they were made, but for when they are looked at next. */
    changed: () =>
      made.filter(({ connectionId }, index) => {
        const stored = memory.connections.get(`${customerId}#${connectionId}`);
        return stored?.version !== made[index]?.version;
      }),
    prompts: () => memory.written.filter(({ type }) => type === "ReauthenticationRequired").length,
    /** The most calls in any five minutes. */
    mostCallsInFiveMinutes: () => {
      let [most, first] = [0, 0];
      for (const [last, time] of callTimes.entries()) {
        while (time - (callTimes[first] ?? time) >= 5 * minute) first += 1;
        most = Math.max(most, last - first + 1);
      }
      return most;
    },
  };
};
