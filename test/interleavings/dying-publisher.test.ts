/**
 * Whoever publishes events dies at each of its awaits, and the stream may be a day late: each change is told of, doubles are
 * the same event, and whoever orders by version ends up with what is stored.
 */
import type { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { discardConnection, labelConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { connectionStatus } from "#shared/connection/connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { publishEvents } from "#shared/connection/publish-events.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { createPutOntoBus } from "#shared/eventbridge/put-onto-bus.ts";
import { aGrant, minute } from "../support/builders.ts";
import { intercept, type MeetCall } from "../support/intercept.ts";
import { createMemoryStores } from "../support/memory/stores.ts";
import { callback } from "./callers.ts";
import { snapshotMemory } from "./snapshot.ts";
import { createWorld } from "./world.ts";

const day = 24 * 60 * minute;

/** A bus that takes every entry but the third of the first call; it refuses none twice. */
const createBus = () => {
  const taken: PutEventsRequestEntry[] = [];
  let calls = 0;
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    calls += 1;
    const isRefused = (at: number) => calls === 1 && at === 2;
    taken.push(...Entries.filter((_, at) => !isRefused(at)));
    return { Entries: Entries.map((_, at) => (isRefused(at) ? { ErrorCode: "Throttled" } : { EventId: `${at}` })) };
  };
  return { taken, send };
};

/** Connections and sessions that have been through much, with an event for each change. */
const createHistory = async () => {
  const stores = createMemoryStores();
  const world = createWorld({ ...stores, takeSnapshot: async () => snapshotMemory(stores.memory) }, 1);
  const deps = world.dependenciesOf(async () => undefined);
  const [acme, globex] = [await world.createCustomer("acme"), await world.createCustomer("globex")];
  const bring = async (who: typeof acme, grant = aGrant(), requireAcceptance = false) => {
    await callback(await world.reachCallback(who, grant, { requireAcceptance }))(deps);
    return grant.connectionId;
  };
  const kept = await bring(acme);
  await bring(acme, aGrant({ connectionId: kept }));
  await bring(globex, aGrant({ connectionId: kept }));
  for (const name of ["East", "West"]) await labelConnection(deps)(acme, kept, { label: name });
  const held = await bring(acme, aGrant(), true);
  await discardConnection(deps)(acme, held);
  // Made anew after its end, by somebody else.
  await bring(globex, aGrant({ connectionId: held }));
  const ended = await bring(acme);
  await requestDisconnect(deps)(acme, ended);
  await driveDisconnect(deps)(acme, ended);
  return { world, deps, stores, ended };
};

type History = Awaited<ReturnType<typeof createHistory>>;

/** Lets something run until it is told to die at this await, counted from 1. Whether it came to its end. */
const runUntil = async (dieAt: number, run: (meet: MeetCall) => Promise<unknown>): Promise<boolean> => {
  let awaits = 0;
  return new Promise((resolve, reject) => {
    const meet: MeetCall = () => {
      awaits += 1;
      if (awaits < dieAt) return Promise.resolve();
      resolve(false);
      return new Promise(() => undefined);
    };
    run(meet).then(() => resolve(true), reject);
  });
};

const expectTold = ({ stores, ended }: History, taken: readonly PutEventsRequestEntry[]) => {
  const written = stores.events();
  const arrived = taken.map(({ DetailType, Detail }) => ({ type: DetailType, ...JSON.parse(Detail ?? "") }));
  expect(new Set(arrived.map(({ event_id }) => event_id))).toEqual(new Set(written.map(({ eventId }) => eventId)));
  const byId = Map.groupBy(arrived, ({ event_id }) => event_id);
  for (const [, doubles] of byId) for (const each of doubles) expect(each).toEqual(doubles[0]);
  expect(stores.memory.outbox.size).toBe(0);

  // A receiver that keeps the newest version of each subject, in whatever order they came.
  const newest = new Map<string, (typeof arrived)[number]>();
  for (const event of arrived) {
    const known = newest.get(event.subject.id);
    if (known === undefined || event.subject.version >= known.subject.version) newest.set(event.subject.id, event);
  }
  for (const connection of stores.memory.connections.values()) {
    expect(newest.get(connection.connectionId)).toMatchObject({
      customer_id: connection.customerId,
      status: connectionStatus(connection),
      subject: { version: connection.version },
    });
  }
  expect(newest.get(ended)).toMatchObject({ type: "ConnectionDisconnected", status: "disconnected" });
  for (const session of stores.memory.sessions.values()) {
    if (session.status !== "failed") continue;
    expect(newest.get(session.sessionId)).toMatchObject({
      reason: session.failureReason,
      subject: { version: session.version },
    });
  }
};

/** A history with a bus, and the two that publish: the stream's function and the sweep. */
const createStage = async () => {
  const history = await createHistory();
  const bus = createBus();
  const written = history.stores.events();
  const publisher = (meet: MeetCall) => {
    const client = intercept({ send: bus.send }, meet) as unknown as EventBridgeClient;
    return { putOntoBus: createPutOntoBus(client, "bus"), outbox: intercept(history.stores.outbox, meet) };
  };
  const stream = (meet: MeetCall) => publishEvents(publisher(meet))(written);
  const sweep = (meet: MeetCall) => sweepDue({ ...history.world.dependenciesOf(meet), ...publisher(meet) })();
  const alive: MeetCall = async () => undefined;
  return { ...history, history, bus, stream, sweep, alive };
};
type Stage = Awaited<ReturnType<typeof createStage>>;

const deaths: Readonly<Record<string, (stage: Stage, dieAt: number) => Promise<boolean>>> = {
  "the stream's function dies, and is given the batch again": async ({ stream, alive, sweep, world }, dieAt) => {
    const isDone = await runUntil(dieAt, stream);
    await stream(alive);
    world.advance(6 * minute);
    await sweep(alive);
    return isDone;
  },
  "the stream's function dies, and the sweep goes on": async ({ stream, alive, sweep, world }, dieAt) => {
    const isDone = await runUntil(dieAt, stream);
    world.advance(6 * minute);
    // The second takes what the bus did not take of the first.
    for (let run = 1; run <= 2; run += 1) await sweep(alive);
    return isDone;
  },
  "the stream is a day late, and the sweep dies before": async ({ stream, alive, sweep, world }, dieAt) => {
    world.advance(6 * minute);
    const isDone = await runUntil(dieAt, sweep);
    for (let run = 1; run <= 2; run += 1) await sweep(alive);
    world.advance(day);
    await stream(alive);
    return isDone;
  },
  "the stream is a day late and its function dies, after the sweep": async ({ stream, alive, sweep, world }, dieAt) => {
    world.advance(6 * minute);
    for (let run = 1; run <= 2; run += 1) await sweep(alive);
    world.advance(day);
    return runUntil(dieAt, stream);
  },
};

describe("an outbox", () => {
  it.each(Object.entries(deaths))("loses nothing when %s, at any await", async (name, death) => {
    let dieAt = 1;
    for (let isDone = false; !isDone; dieAt += 1) {
      const stage = await createStage();
      isDone = await death(stage, dieAt);
      expectTold(stage.history, stage.bus.taken);
    }
    process.stdout.write(`outbox: ${dieAt - 2} deaths when ${name}\n`);
    // Two calls of the bus and the removals of what it took at first, before and after each.
    expect(dieAt - 2).toBeGreaterThanOrEqual(2 * (2 + 11));
  });
});
