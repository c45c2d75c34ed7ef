/** Callers that meet over a Connect session. */
import { aGrant, minute, newConnectionId } from "../support/builders.ts";
import { accept, callback, cancel, comeBackEmpty, inTurn, sweep, type Told } from "./callers.ts";
import type { Caller, Scenario } from "./run.ts";
import type { World } from "./world.ts";

const entities = [{ id: "entity-1", name: null, sourceId: null, status: null }];

const several = <Value>({ random }: World, least: number, make: () => Value): Value[] =>
  Array.from({ length: least + random.below(5 - least) }, make);

const sameCodeTwice: Scenario = {
  name: "same code twice",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const brought = await world.reachCallback(acme, aGrant(), { requireAcceptance: world.random.chance(0.3) });
    const told: Told = [];
    const callers = several(world, 2, () => callback(brought, told));
    // Another code with the same state: a second run through Connect, or somebody else's.
    const isForeign = world.random.chance(0.3);
    if (isForeign) {
      world.finch.issue("another-code", aGrant());
      callers[0] = callback({ ...brought, code: "another-code" }, told);
    }
    return {
      callers,
      check: () => {
        const sent = world.finch.sent(brought.code) + world.finch.sent("another-code");
        const ended = told.filter((each) => each.startsWith("completed"));
        const spent = told.filter((each) => each === "refused spent");
        return [
          sent !== 1 && `codes were sent ${sent} times`,
          world.finch.issued().length !== 1 && "another number of tokens than one was issued",
          ended.length === 0 && "nobody was told that it is done",
          new Set(ended).size > 1 && `they were told ${ended}`,
          !isForeign && spent.length > 0 && "the right code was refused",
        ];
      },
    };
  },
};

const twoCustomers: Scenario = {
  name: "two customers",
  async prepare(world) {
    const customers = [await world.createCustomer("acme"), await world.createCustomer("globex")] as const;
    const connectionId = newConnectionId();
    const told: Told = [];
    const callers: Caller[] = [];
    for (let at = 0; at < 2 + world.random.below(3); at += 1) {
      const customer = customers[at % 2] ?? customers[0];
      // Each names one of its own, so that a mixture of both would show.
      const grant = aGrant({ connectionId, products: [["company"], ["company", "directory"]][at % 2] ?? [] });
      callers.push(callback(await world.reachCallback(customer, grant), told));
    }
    return {
      callers,
      check: () => [
        told.filter((each) => each === "completed connected").length !== 1 && `they were told ${told}`,
        told.some((each) => each === "in_progress" || each.startsWith("refused")) && `they were told ${told}`,
        !told.includes("failed connection_conflict") && "nobody was told of the conflict",
      ],
    };
  },
};

const singleMode: Scenario = {
  name: "single mode",
  async prepare(world) {
    const acme = await world.createCustomer("acme", "single");
    const told: Told = [];
    const callers: Caller[] = [];
    for (let at = 0; at < 2 + world.random.below(3); at += 1) {
      callers.push(callback(await world.reachCallback(acme, aGrant()), told));
    }
    return {
      callers,
      check: () => [
        told.filter((each) => each === "completed connected").length !== 1 && `they were told ${told}`,
        told.filter((each) => each === "failed connection_limit").length !== callers.length - 1 &&
          `they were told ${told}`,
      ],
    };
  },
};

const cancelAgainstCallback: Scenario = {
  name: "cancel against callback",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const brought = await world.reachCallback(acme, aGrant());
    const told: Told = [];
    const callers = [
      cancel(brought.sessionId, told),
      callback(brought, told),
      ...(world.random.chance(0.5) ? [callback(brought, told)] : []),
      ...(world.random.chance(0.3) ? [comeBackEmpty(brought)] : []),
    ];
    return {
      callers,
      check: () => {
        const wasCancelled = told.includes("cancelled");
        const isDone = told.some((each) => each.startsWith("completed"));
        return [
          wasCancelled && world.finch.sent(brought.code) > 0 && "a cancelled session's code was sent",
          wasCancelled && isDone && `they were told ${told}`,
        ];
      },
    };
  },
};

const sweepAgainstSlowExchange: Scenario = {
  name: "sweep against a slow exchange",
  mayOverrun: true,
  async prepare(world) {
    const acme = await world.createCustomer("acme", world.random.pick(["single", "multiple"]));
    const grant = aGrant();
    const isKnown = world.random.chance(0.3);
    if (isKnown || world.random.chance(0.3)) {
      await world.connect(acme, [aGrant(isKnown ? { connectionId: grant.connectionId } : {})]);
    }
    const brought = await world.reachCallback(acme, grant);
    const late: Caller = async (deps) => {
      // An await of its own, so that time passes between any two steps of the exchange.
      await deps.due.events(deps.now());
      world.advance(world.random.pick([5, 7.5, 9]) * minute);
    };
    return {
      callers: [
        callback(brought),
        inTurn(late, sweep),
        ...(world.random.chance(0.5) ? [inTurn(late, callback(brought))] : []),
        ...(world.random.chance(0.3) ? [sweep] : []),
      ],
    };
  },
};

const acceptAgainstCallbackInSingleMode: Scenario = {
  name: "accept against callback in mode single",
  async prepare(world) {
    const acme = await world.createCustomer("acme", "single");
    const callers: Caller[] = [callback(await world.reachCallback(acme, aGrant()))];
    for (let at = 0; at < 2; at += 1) {
      const { connectionId } = await world.connect(acme, [aGrant()], { heldReason: "acceptance_required", entities });
      callers.push(accept(acme, connectionId));
    }
    return { callers };
  },
};

const sweepAgainstSecondBeginning: Scenario = {
  name: "sweep against a callback that begins again",
  async prepare(world) {
    const brought = await world.reachCallback(await world.createCustomer("acme"), aGrant());
    const { sessionId } = brought;
    // The first died before its request had reached Finch.
    const dead: Caller = async (deps) => {
      const exchangeCode = async () => ({ kind: "undecided", reason: "unreachable" }) as const;
      await callback(brought)({ ...deps, finch: { ...deps.finch, exchangeCode } });
    };
    await dead(world.dependenciesOf(async () => undefined));
    world.advance(9 * minute);
    const told: Told = [];
    return {
      callers: [callback(brought, told), sweep, ...(world.random.chance(0.5) ? [sweep] : [callback(brought, told)])],
      check: () => [
        told.includes("in_progress") && !told.includes("completed connected") && `${sessionId}: they were told ${told}`,
      ],
    };
  },
};

export const scenariosOfSessions: readonly Scenario[] = [
  sameCodeTwice,
  twoCustomers,
  singleMode,
  cancelAgainstCallback,
  sweepAgainstSlowExchange,
  acceptAgainstCallbackInSingleMode,
  sweepAgainstSecondBeginning,
];
