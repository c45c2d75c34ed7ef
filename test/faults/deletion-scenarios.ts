/** Deleting a customer: the request, the driver's steps, and an exchange that is under way meanwhile. */
import { type DeleteCustomerDependencies, deleteCustomer } from "#shared/connection/delete-customer.ts";
import { type DriveDeletionDependencies, driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { ExchangeDependencies } from "#shared/connection/exchange-authorization-code.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aProfile, minute } from "../support/builders.ts";
import { stepsOf } from "../support/steps-of.ts";
import { createWorld, exchangeLifeMs, type World } from "../support/world.ts";
import type { Scenario } from "./explore.ts";

/** What there is of a customer, in comparable words. */
const verdictOf =
  ({ memory }: World, customerId: CustomerId) =>
  (): string => {
    const isHis = (each: { readonly customerId: CustomerId }) => each.customerId === customerId;
    const counts = [memory.sessions, memory.connections, memory.tokens].map(
      (kept) => [...kept.values()].filter(isHis).length,
    );
    const receipts = [...memory.deletions.values()].map(({ completedAt }) => (completedAt ? "done" : "under way"));
    const customer = memory.customers.get(customerId)?.incarnation ?? "gone";
    return `${customer}, ${counts} left, ${receipts}, ${memory.lines.size} lines`;
  };

/** Two connections, one of them held, and sessions of each kind. */
const aFullCustomer = async (world: World): Promise<CustomerId> => {
  const acme = await world.createCustomer("acme");
  await world.connect(acme);
  await world.connect(acme, {}, { requireAcceptance: true });
  await world.signIn(acme, {});
  await world.pass(10);
  return acme;
};

const remove = async ({ customers, deletions, now, newId }: World, customerId: CustomerId) => {
  const removed = await deleteCustomer({ customers, deletions, now, newId })(customerId);
  return removed.ok ? removed.value.deletionId : undefined;
};

export const deletionScenarios: readonly Scenario[] = [
  {
    name: "the request of a deletion",
    async arrange() {
      const world = createWorld();
      const acme = await aFullCustomer(world);
      const { customers, deletions, now, newId } = world;
      const verdict = verdictOf(world, acme);
      const untouched = verdict();
      return {
        world,
        ports: { customers, deletions, now, newId },
        lifeMs: minute,
        run: (ports: DeleteCustomerDependencies) => deleteCustomer(ports)(acme),
        recover: {
          "time passes": () => world.pass(60),
          "it is asked for again": async () => {
            await remove(world, acme);
            await world.pass(60);
          },
        },
        verdict,
        alsoRight: ({ recovery }) => (recovery === "time passes" ? [untouched] : []),
      };
    },
  },
  {
    name: "the driver of a deletion",
    async arrange() {
      const world = createWorld();
      const acme = await aFullCustomer(world);
      const deletionId = await remove(world, acme);
      if (deletionId === undefined) throw new Error("there is no customer");
      return {
        world,
        ports: world.deletionDeps,
        lifeMs: 5 * minute,
        run: async (ports: DriveDeletionDependencies) => {
          await stepsOf(driveDeletion(ports), deletionId);
          await stepsOf(driveDeletion(ports), deletionId);
        },
        recover: {
          "time passes": () => world.pass(60),
          "it is put again at once": async () => {
            await world.pass(60);
            await world.customers.put(aProfile({ customerId: acme }), {
              incarnation: "a later life",
              defaultMode: "multiple",
              now: world.now(),
            });
            await world.pass(30);
            // As in the other recovery, so that both end alike.
            world.memory.customers.delete(acme);
          },
        },
        verdict: verdictOf(world, acme),
        alsoRight: () => [],
      };
    },
  },
  {
    name: "an exchange of a customer that is being deleted",
    async arrange() {
      const world = createWorld();
      const acme = await world.createCustomer("acme");
      const { callback } = await world.signIn(acme, {});
      const { sessions } = world.exchangeDeps;
      /** The deletion is asked for as soon as the exchange has begun, and finds it under way. */
      const beginExchange: typeof sessions.beginExchange = async (...request) => {
        const begun = await sessions.beginExchange(...request);
        const deletionId = await remove(world, acme);
        if (deletionId !== undefined) await stepsOf(driveDeletion(world.deletionDeps), deletionId);
        return begun;
      };
      const anyway = async () => {
        await remove(world, acme);
        await world.pass(60);
      };
      return {
        world,
        ports: { ...world.exchangeDeps, sessions: { ...sessions, beginExchange } },
        lifeMs: exchangeLifeMs,
        run: (ports: ExchangeDependencies) => callback(ports),
        recover: {
          "nobody tries again": anyway,
          "the browser tries again": async () => {
            await callback().catch(() => undefined);
            await anyway();
            await callback().catch(() => undefined);
          },
        },
        verdict: () => verdictOf(world, acme)().replace(/, \d lines/, ""),
        alsoRight: () => [],
      };
    },
  },
];
