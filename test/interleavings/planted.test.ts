/** Mistakes that are put into the stores on purpose: each is found, and found again from its seed alone. */
import { describe, expect, it } from "vitest";
import { endSession } from "#shared/connection/connect-session.ts";
import type { Claim } from "#shared/connection/store-ports.ts";
import { ok } from "#shared/result.ts";
import { claimInMemory } from "../support/memory/claim.ts";
import { copy, count, keyOf, type MemoryState, putEvents } from "../support/memory/state.ts";
import { firstSeed, runInMemory, runMany, type Spoil, scenarios } from "./interleavings.ts";

/** Writes what a claim says, whatever is there by now. */
const write = (state: MemoryState, { connection, token, takesIntoUse, ending, events, now }: Claim): void => {
  const { customerId, connectionId } = connection;
  const { tokenId } = token.record;
  state.tokens.set(keyOf(customerId, connectionId, tokenId), copy(token));
  state.owners.set(connectionId, customerId);
  state.connections.set(keyOf(customerId, connectionId), copy(connection));
  if (takesIntoUse) count(state, customerId, 1);
  const session = ending && state.sessions.get(ending.session.sessionId);
  if (ending !== undefined && session !== undefined) {
    state.sessions.set(session.sessionId, endSession(session, ending.end, { connectionId, tokenId }, now));
  }
  putEvents(state, events);
};

/** Reads all that a claim conditions on, and then writes without a condition. */
const claimUnconditionally: Spoil =
  ({ connections, memory }) =>
  (meet) => ({
    connections: {
      ...connections,
      claim: async (claim) => {
        const looked = claimInMemory(copy(memory), claim);
        if (!looked.ok) return looked;
        await meet({ name: "the claim's write", moment: "before" });
        write(memory, claim);
        return ok(undefined);
      },
    },
  });

/** Reads how many connections the customer has, and then writes that number and one. */
const countLate: Spoil =
  ({ connections, memory }) =>
  (meet) => ({
    connections: {
      ...connections,
      claim: async (claim) => {
        const customer = memory.customers.get(claim.connection.customerId);
        await meet({ name: "the claim's write", moment: "before" });
        if (customer !== undefined) memory.customers.set(customer.customerId, customer);
        return claimInMemory(memory, claim);
      },
    },
  });

/** Reads that a session is open, and then begins its exchange, whoever has begun it meanwhile. */
const beginTwice: Spoil =
  ({ sessions, memory }) =>
  (meet) => ({
    sessions: {
      ...sessions,
      beginExchange: async (request, lease) => {
        const session = memory.sessions.get(request.sessionId);
        await meet({ name: "the beginning's write", moment: "before" });
        if (session?.status === "open") memory.sessions.set(session.sessionId, session);
        return sessions.beginExchange(request, lease);
      },
    },
  });

const planted: readonly (readonly [string, Spoil, string])[] = [
  ["a claim that reads and then writes", claimUnconditionally, "two customers"],
  ["a claim that reads and then writes", claimUnconditionally, "single mode"],
  ["a claim that reads and then writes", claimUnconditionally, "discard and accept against callback"],
  ["a count that is read and then written", countLate, "single mode"],
  ["a beginning that is read and then written", beginTwice, "same code twice"],
  ["a beginning that is read and then written", beginTwice, "cancel against callback"],
];

const named = (name: string) => scenarios.find((each) => each.name === name) ?? expect.fail(name);
/** Ids are made anew in each run. */
const withoutIds = (found: readonly string[]) =>
  found.map((each) => each.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…"));
const mostRuns = 500;

describe("a planted mistake", () => {
  it.each(planted)("%s: found (%#)", async (_, spoil, name) => {
    const scenario = named(name);
    const run = (seed: number) => runInMemory(scenario, seed, spoil);
    const failure = await runMany(scenario, mostRuns, (_same, seed) => run(seed)).catch(
      (error: Error) => error.message,
    );
    expect(failure).toContain(`"${name}" with seed `);

    const seed = Number(/with seed (\d+)/.exec(`${failure}`)?.[1]);
    const found = await run(seed);
    expect(found).not.toEqual([]);
    expect(withoutIds(await run(seed))).toEqual(withoutIds(found));
    // Without the mistake, the same order of steps is harmless.
    expect(await runInMemory(scenario, seed)).toEqual([]);
  });

  it("is not needed for the same seed to bring about the same run", async () => {
    const scenario = named("anything at once");
    for (let seed = firstSeed; seed < firstSeed + 20; seed += 1) {
      const [first, second] = [await runInMemory(scenario, seed), await runInMemory(scenario, seed)];
      expect(first).toEqual(second);
    }
  });
});
