/** A roster at Finch's pace, in time that passes at will: the functions that read and reconcile it, before Finch's own limits. */
import { createBudgets } from "#shared/budget/budgets.ts";
import { createAskForLeave } from "#shared/budget/leave.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { paceTransport } from "#shared/finch/paced.ts";
import { createPeople } from "#shared/finch/people.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import type { Transport } from "#shared/finch/transport.ts";
import { createLog } from "#shared/log.ts";
import type { PageVault } from "#shared/roster/ports.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as createReadHandler } from "../../functions/read-roster-page/handler.ts";
import { createHandler as createReconcileHandler } from "../../functions/reconcile-roster/handler.ts";
import { errorReply } from "../../local/finch/errors.ts";
import type { Call, Reply } from "../../local/finch/http.ts";
import { createLimits } from "../../local/finch/limits.ts";
import { aClaim, aConnection, aProfile, aTokenRecord, minute, newCustomerId } from "./builders.ts";
import { createMemoryStores } from "./memory/stores.ts";
import { createMemorySurroundings } from "./memory/surroundings.ts";
import { createVirtualTime } from "./virtual-time.ts";

/** A connection of one entity, as Finch knows it. */
export interface PacedConnection {
  readonly connectionId: ConnectionId;
  readonly entityId: string;
  readonly accessToken: string;
}

export interface PacedOptions {
  readonly connections: readonly PacedConnection[];
  /** What Finch answers to a request within its limits. */
  readonly answer: (call: Call, atMs: number) => Reply;
  readonly pageSize: number;
  readonly pages: PageVault;
  /** Decides all chance: how far clocks are apart, and how long things are under way. */
  readonly seed?: number;
}

/** How the child execution of one connection went. */
export interface ChildExecution {
  readonly invocations: number;
  /** Events in its history, of which Step Functions takes 25,000. */
  readonly events: number;
  /** The most pages that one invocation has read to their end. */
  readonly mostPages: number;
}

/** As the stack has them (`cdk/roster-stack.ts`, `cdk/constructs/roster-workflow.ts`, `functions/read-roster-page/index.ts`). */
const [readTimeoutMs, reconcileTimeoutMs, connectionsAtOnce, patienceMs] = [10 * minute, 15 * minute, 10, 10_000];
/** Entered, scheduled, started, succeeded and left; the choice's two; the wait's two; its beginning and its end. */
const [readEvents, choiceEvents, waitEvents, endEvents] = [5, 2, 2, 4];

/**
 * Creates it. `run` does what the state machine does: plans, reads the connections, ten at a time, each invocation in a
 * function of its own with a clock of its own, waits as it is told, and reconciles.
 */
export const createPacedRoster = async ({ connections, answer, pageSize, pages, seed = 1 }: PacedOptions) => {
  const time = createVirtualTime();
  const stores = createMemoryStores();
  const { randomBytes, newId } = createMemorySurroundings({ seed });
  const chance = () => ((randomBytes(1)[0] ?? 0) * 256 + (randomBytes(1)[0] ?? 0)) / 65_536;
  const finch = createLimits(time.nowMs);
  const now = () => new Date(time.nowMs());
  const customerId = newCustomerId();
  const tokens = new Map(connections.map(({ connectionId, accessToken }) => [connectionId, accessToken]));
  await stores.customers.put(aProfile({ customerId }), { incarnation: "first", defaultMode: "multiple", now: now() });
  const products = ["directory", "individual", "employment", "ssn"];
  for (const { connectionId, entityId } of connections) {
    const entities = [{ id: entityId, name: null, sourceId: null, status: "connected" }];
    const connection = aConnection({
      ...{ customerId, connectionId, entities, tokens: [aTokenRecord({ products, entityIds: [entityId] })] },
    });
    const claimed = await stores.connections.claim(aClaim(connection, { takesIntoUse: true }));
    if (!claimed.ok) throw new Error(`the claim was refused: ${claimed.refusal.reason}`);
  }

  const onTheWay = () => time.sleep(1 + chance() ** 8 * 200);
  const over = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    await onTheWay();
    const value = await call();
    await onTheWay();
    return value;
  };
  /** The way to Finch of a function whose clock is up to half a second from the others'. */
  const openPeople = () => {
    const skewMs = chance() * 500;
    const surroundings = { now: () => new Date(time.nowMs() - skewMs), sleep: time.sleep, randomBytes };
    const budgets = createBudgets({
      ...surroundings,
      share: 1,
      noteFailure: (error) => {
        throw error;
      },
      store: {
        count: (...about) => over(() => stores.budgets.count(...about)),
        giveBack: (...about) => over(() => stores.budgets.giveBack(...about)),
        hold: (...about) => over(() => stores.budgets.hold(...about)),
      },
    });
    const askForLeave = createAskForLeave({ ...surroundings, budgets, priority: "background", patienceMs });
    const transport: Transport = async ({ method, path, headers, body, sendBy }) => {
      await time.sleep(chance() ** 4 * 900);
      if (sendBy !== undefined && surroundings.now() >= sendBy) return { kind: "not_sent" };
      await time.sleep(chance() ** 3 * 500);
      const { pathname, searchParams: query } = new URL(`http://finch${path}`);
      const address = "192.0.2.1";
      const exceeded = finch.take({ path: pathname, address, clientId: "the application" });
      const call = {
        ...{ method, path: pathname, query, address, authorization: headers["authorization"], origin: undefined },
        body: Buffer.from(body ?? []).toString("utf8"),
      };
      const { status, body: text } =
        exceeded === undefined
          ? answer(call, time.nowMs())
          : errorReply(exceeded === "product" ? "rate_limit" : "finch_api_ip_rl");
      await time.sleep(50 + chance() ** 2 * 2_000);
      return { kind: "answer", status, headers: {}, body: Buffer.from(text) };
    };
    const paced = paceTransport({ transport, askForLeave, budgets, now: surroundings.now, note: () => {} });
    return createPeople(createSendToFinch(paced, 64 * 1_048_576));
  };

  const deps = {
    ...{ ...stores, pages, pageSize, now, newId, log: createLog(() => {}), firstWaitSeconds: 30, asksForSsn: true },
    dataKeys: {
      make: async () => ({ key: new Uint8Array(32).fill(7), sealed: new Uint8Array(32).fill(8) }),
      open: async () => new Uint8Array(32).fill(7),
    },
    vault: {
      open: async (_: unknown, { connectionId }: { readonly connectionId: ConnectionId }) =>
        secret(tokens.get(connectionId) ?? ""),
    },
    nudgeChecks: async () => {},
    executions: { isRunning: async () => undefined, start: async () => {} },
  };
  const within = (timeoutMs: number) => {
    const endMs = time.nowMs() + timeoutMs;
    return { getRemainingTimeInMillis: () => endMs - time.nowMs() };
  };

  const run = async () => {
    const begunMs = time.nowMs();
    const started = await startRoster(deps)(customerId, { caller: "backend", requestId: "request" });
    if (!started.ok) throw new Error(`no roster begins: ${started.refusal}`);
    const { rosterId } = started.value;
    const about = { customer_id: customerId, roster_id: rosterId };
    const reconcile = createReconcileHandler(deps);
    const planned = await reconcile({ ...about, step: "plan" }, within(reconcileTimeoutMs));
    const left = "connections" in planned ? [...planned.connections] : [];

    const pagesOf = async (connectionId: ConnectionId): Promise<number> =>
      (await stores.rosters.findRead(customerId, rosterId, connectionId))?.entities[0]?.pages ?? 0;
    const readOne = async (connectionId: ConnectionId): Promise<ChildExecution> => {
      let [events, pagesRead, mostPages] = [endEvents, 0, 0];
      for (let invocations = 1; ; invocations += 1) {
        const read = createReadHandler({ ...deps, people: openPeople() });
        const outcome = await read({ ...about, step: "read", connection_id: connectionId }, within(readTimeoutMs));
        events += readEvents + choiceEvents + (outcome.state === "wait" ? waitEvents : 0);
        const pagesBefore = pagesRead;
        pagesRead = await pagesOf(connectionId);
        mostPages = Math.max(mostPages, pagesRead - pagesBefore);
        if (outcome.state === "done") return { invocations, events, mostPages };
        if (outcome.state === "wait") await time.sleep(outcome.wait_seconds * 1_000);
      }
    };
    const children: ChildExecution[] = [];
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) children.push(await readOne(id));
    };
    await Promise.all(Array.from({ length: connectionsAtOnce }, work));
    const readMinutes = (time.nowMs() - begunMs) / minute;
    return {
      ...{ children, readMinutes },
      reads: await stores.rosters.reads(customerId, rosterId),
      reconcile: async () => {
        await reconcile({ ...about, step: "reconcile" }, within(reconcileTimeoutMs));
        return stores.rosters.find(customerId, rosterId);
      },
    };
  };

  return { finch, run: () => time.run(run()) };
};
