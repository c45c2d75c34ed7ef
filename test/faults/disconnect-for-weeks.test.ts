/**
 * A disconnect under one fault that does not go away: at each await, with each fault, for three weeks, then without. It is
 * never done before Finch has said so, nothing is destroyed before, no stranger's token is used, and in the end it is done.
 */
import { afterAll, expect, it } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import { type DriveDisconnectDependencies, driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { requestEntityDisconnect } from "#shared/connection/request-entity-disconnect.ts";
import { audit } from "../support/auditor.ts";
import { minute } from "../support/builders.ts";
import { createWorld, type World } from "../support/world.ts";
import { createFaultyProcess, type Fault, faultsOf } from "./faulty-ports.ts";

const day = 24 * 60 * minute;
const weeks = 3 * 7 * day;
const stepLifeMs = 5 * minute;

let [awaits, runs, steps] = [0, 0, 0];
afterAll(() => {
  process.stdout.write(
    `disconnect for weeks: ${awaits} awaits, ${runs} runs of three weeks, ${steps} steps under faults\n`,
  );
});

/** A connection of two tokens at a company at which the same customer and a stranger have one each. */
const arrange = async () => {
  const world = createWorld();
  const [acme, globex] = [await world.createCustomer("acme"), await world.createCustomer("globex")];
  const { connectionId } = await world.connect(acme, { entityIds: ["e1", "e2"] });
  await world.connect(acme, { connectionId, products: ["payment"], entityIds: ["e1"] });
  const own = await world.connect(acme);
  const strange = await world.connect(globex);
  for (const [key, connection] of [...world.memory.connections]) {
    await markPossibleDuplicates(world)(world.memory.connections.get(key) ?? connection);
  }
  return { world, acme, connectionId, siblings: [own.connectionId, strange.connectionId] };
};
type Arranged = Awaited<ReturnType<typeof arrange>>;

/** What is asked for, and when Finch has done it. */
interface Kind {
  readonly ask: (arranged: Arranged) => Promise<unknown>;
  readonly hasFinchEnded: (arranged: Arranged) => boolean;
  readonly isDone: (arranged: Arranged) => boolean;
  readonly event: string;
  readonly tokensAtTheEnd: number;
}
const stored = ({ world, acme, connectionId }: Arranged) => world.memory.connections.get(`${acme}#${connectionId}`);

const kinds: Readonly<Record<string, Kind>> = {
  "a connection's": {
    ask: ({ world, acme, connectionId }) => requestDisconnect(world)(acme, connectionId),
    hasFinchEnded: ({ world, connectionId }) => world.finch.disconnected().includes(connectionId),
    isDone: (arranged) => stored(arranged) === undefined,
    event: "ConnectionDisconnected",
    tokensAtTheEnd: 2,
  },
  "an entity's": {
    ask: ({ world, acme, connectionId }) =>
      requestEntityDisconnect({ ...world, nudgeDisconnects: async () => {} })(acme, connectionId, "e1"),
    hasFinchEnded: ({ world, connectionId }) => world.finch.hasEndedEntity(connectionId, "e1"),
    isDone: (arranged) => stored(arranged)?.entities.every(({ id }) => id !== "e1") === true,
    event: "EntityDisconnected",
    tokensAtTheEnd: 4,
  },
};

/** What must hold at every moment. */
const check = (arranged: Arranged, kind: Kind): string[] => {
  const { world, connectionId, siblings } = arranged;
  const isDone = kind.isDone(arranged);
  const told = world.memory.written.filter(({ type }) => type === kind.event).length;
  return [
    isDone && !kind.hasFinchEnded(arranged) && "it is done, and Finch has not ended it",
    told !== (isDone ? 1 : 0) && `it was told of ${told} times, done: ${isDone}`,
    !isDone && world.memory.tokens.size < 4 && "a ciphertext is gone before it is done",
    isDone && world.memory.tokens.size !== kind.tokensAtTheEnd && `${world.memory.tokens.size} tokens are left`,
    !isDone &&
      (stored(arranged)?.disconnect ?? stored(arranged)?.entityDisconnects[0]) === undefined &&
      "nobody goes on",
    ...siblings.map((id) => world.finch.disconnected().includes(id) && `the sibling ${id} was cut off`),
    world.finch.askedToEnd().some((asked) => asked.connectionId !== undefined && asked.connectionId !== connectionId) &&
      "Finch was asked to end it with another connection's token",
  ].filter((finding) => finding !== false);
};

/** The driver, each time that something is due, always with the same fault at the same await; nothing more once it is done. */
const driveFor = async (arranged: Arranged, kind: Kind, lasting: number, fault?: { call: number; fault: Fault }) => {
  const { world } = arranged;
  const found: string[] = [];
  const until = world.now().getTime() + lasting;
  let failedSteps = 0;
  while (world.now().getTime() < until && !kind.isDone(arranged)) {
    // Every sixth sweep: what is due stays due.
    world.advance(30 * minute);
    for (const { customerId, connectionId } of await world.due.disconnects(world.now())) {
      const endsAt = new Date(world.now().getTime() + stepLifeMs);
      const points = fault === undefined ? [] : [fault];
      const driver = createFaultyProcess<DriveDisconnectDependencies>(world.driveDeps, world, { points, endsAt });
      const driven = await driver.run(() => driveDisconnect(driver.ports)(customerId, connectionId));
      // Its log line, or its message that comes again and ends in the dead letters: each has an alarm.
      if (driven !== "confirmed" && driven !== "nothing_to_do") failedSteps += 1;
      if (driven === "confirmed" && !kind.isDone(arranged)) found.push("it says that it is confirmed, and is not done");
      steps += 1;
      found.push(...check(arranged, kind));
    }
  }
  return { found, failedSteps };
};

/** The awaits of a step that ends it. */
const awaitsOf = async (kind: Kind): Promise<readonly string[]> => {
  const arranged = await arrange();
  await kind.ask(arranged);
  const { world, acme, connectionId } = arranged;
  const endsAt = new Date(world.now().getTime() + stepLifeMs);
  const driver = createFaultyProcess<DriveDisconnectDependencies>(world.driveDeps, world, { endsAt });
  await driver.run(() => driveDisconnect(driver.ports)(acme, connectionId));
  expect(kind.isDone(arranged)).toBe(true);
  // By the first run it is known which functions are awaited: the second one counts them all.
  const again = await arrange();
  await kind.ask(again);
  const counted = createFaultyProcess<DriveDisconnectDependencies>(again.world.driveDeps, again.world, {
    endsAt: new Date(again.world.now().getTime() + stepLifeMs),
  });
  await counted.run(() => driveDisconnect(counted.ports)(again.acme, again.connectionId));
  return [...counted.calls];
};

it.each(Object.entries(kinds))(
  "%s disconnect",
  async (_, kind) => {
    const calls = await awaitsOf(kind);
    expect(calls.length).toBeGreaterThan(5);
    awaits += calls.length;
    for (const [index, name] of calls.entries()) {
      for (const fault of faultsOf(name)) {
        runs += 1;
        const where = `${name} (await ${index + 1}) ${fault}`;
        const arranged = await arrange();
        await kind.ask(arranged);
        const under = await driveFor(arranged, kind, weeks, { call: index + 1, fault });
        // Not done in three weeks: it was tried again and again, each time with a sign of it.
        const isSilent = !kind.isDone(arranged) && under.failedSteps < 21;
        const afterwards = await driveFor(arranged, kind, 2 * day);
        const settled: World = arranged.world;
        await settled.pass(60);
        const isDone = kind.isDone(arranged);
        const audited = await audit(settled, { mayLoseToken: false, mayLeaveSecret: true });
        expect([where, [...under.found, ...afterwards.found], isSilent, isDone, audited]).toEqual([
          where,
          [],
          false,
          true,
          [],
        ]);
      }
    }
  },
  120_000,
);
