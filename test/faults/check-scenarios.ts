/** Looks at connections, asked for and by the sweep, of which one brings trouble to light. */
import { answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import { type CheckConnectionDependencies, checkConnection } from "#shared/connection/check-connection.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { type SweepChecksDependencies, sweepChecks } from "#shared/connection/sweep-checks.ts";
import { tryConnections } from "#shared/connection/try-connections.ts";
import { minute } from "../support/builders.ts";
import { createWorld } from "../support/world.ts";
import { countOf, scenario } from "./background-scenarios.ts";
import type { Scenario } from "./explore.ts";

export const checkScenarios: readonly Scenario[] = [
  scenario("a look at a connection that is signed out", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    await world.pass(10);
    world.finch.signOut(connectionId);
    const prompts = () => world.memory.written.filter(({ type }) => type === "ReauthenticationRequired").length;
    const status = () => [...world.memory.connections.values()].map(({ finchStatus }) => finchStatus).join();
    return {
      ports: world.checkDeps,
      run: (ports: CheckConnectionDependencies) => checkConnection(ports)(acme, connectionId),
      again: () => checkConnection(world.checkDeps)(acme, connectionId),
      verdict: () => `${countOf(world)}, ${status()}, ${prompts()} prompts`,
    };
  }),

  {
    name: "the sweep of checks, and what it has tried",
    async arrange() {
      const world = createWorld();
      const acme = await world.createCustomer("acme");
      const [healthy, signedOut] = [await world.connect(acme), await world.connect(acme)];
      await world.connect(acme, { connectionId: healthy.connectionId });
      await world.pass(10);
      world.finch.signOut(signedOut.connectionId);
      const queue: CheckRequest[] = [];
      const ports: SweepPorts = {
        ...world.checkDeps,
        due: world.due,
        pauses: world.checkPauses,
        nudgeChecks: async (requests) => void queue.push(...requests),
      };
      const answer = answerCheckRequest({
        ...world.checkDeps,
        connections: world.connections,
        webhooks: world.webhooks,
        afterLook: async () => {},
      });
      const prompts = () => world.memory.written.filter(({ type }) => type === "ReauthenticationRequired").length;
      return {
        world,
        ports,
        lifeMs: 5 * minute,
        run: sweepWith,
        recover: {
          // An hour of runs, and the queue with its messages, each of which comes twice.
          "time passes": async () => {
            for (let run = 0; run < 12; run += 1) {
              for (const request of queue.splice(0)) for (const _ of [1, 2]) await answer(request);
              await world.pass(5);
              await sweepWith(ports);
            }
            for (const request of queue.splice(0)) await answer(request);
            await world.pass(10);
          },
        },
        verdict: () => {
          const stored = [...world.memory.connections.values()];
          return `${stored.map(({ finchStatus, tokens }) => `${finchStatus} ${tokens.length}`).join()}, ${prompts()} prompt`;
        },
        alsoRight: () => [],
      };
    },
  },
];

type SweepPorts = CheckConnectionDependencies & Pick<SweepChecksDependencies, "due" | "pauses" | "nudgeChecks">;

/** A run of the sweep, and of the function that it calls, over the same ports: either may die at any of their awaits. */
const sweepWith = (ports: SweepPorts) => {
  const attempt = tryConnections({ ...ports, noteFailure: () => {}, afterLook: async () => {} });
  const inAMinute = () => new Date(ports.now().getTime() + minute);
  return sweepChecks({ ...ports, checksPerRun: 600, tryConnections: (trial) => attempt(trial, inAMinute()) })();
};
