/** Callers that meet over a connection. */
import type { HeldReason } from "#shared/connection/connection.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import { aGrant } from "../support/builders.ts";
import {
  accept,
  askToDisconnect,
  bring,
  callback,
  discard,
  drive,
  inTurn,
  introspect,
  label,
  type Told,
} from "./callers.ts";
import type { Caller, Scenario } from "./run.ts";

const productSets = [["company"], ["company", "directory"], ["company", "directory", "employment"]];
const entitySets = [["entity-1"], ["entity-2"], ["entity-1", "entity-2"]];

const discardAgainstCallback: Scenario = {
  name: "discard and accept against callback",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    const globex = await world.createCustomer("globex");
    const heldReason = random.pick<HeldReason>(["customer_mismatch", "acceptance_required", "wrong_account"]);
    const first = aGrant();
    const { connectionId } = first;
    await world.connect(acme, [first], { heldReason, entities: [] });
    const next = () => aGrant({ connectionId, customerId: random.pick([null, acme, globex]) });
    const told: Told = [];
    const others: Caller[] = [
      discard(acme, connectionId, told),
      accept(acme, connectionId, told),
      callback(await world.reachCallback(acme, next(), { requireAcceptance: random.chance(0.3) })),
      callback(await world.reachCallback(globex, next())),
      inTurn(askToDisconnect(acme, connectionId, told), drive(acme, connectionId)),
    ];
    const mine = callback(await world.reachCallback(acme, next()));
    const [one, two] = [random.pick(others), random.pick(others)];
    return {
      callers: [mine, one, ...(one === two ? [] : [two])],
      check: () => [
        told.includes("discard") && told.includes("accept") && told.includes("disconnect") && `all of ${told}`,
      ],
    };
  },
};

const disconnectAgainstCallback: Scenario = {
  name: "disconnect against callback",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    const first = aGrant();
    const { connectionId } = first;
    const isHeld = random.chance(0.3);
    await world.connect(acme, [first], { entities: [], ...(isHeld && { heldReason: "acceptance_required" }) });
    const next = () => aGrant({ connectionId });
    const callers: Caller[] = [
      inTurn(askToDisconnect(acme, connectionId), drive(acme, connectionId)),
      callback(await world.reachCallback(acme, next())),
      ...(random.chance(0.4) ? [drive(acme, connectionId)] : []),
      ...(random.chance(0.4) ? [callback(await world.reachCallback(acme, next()))] : []),
      ...(random.chance(0.2) ? [askToDisconnect(acme, connectionId)] : []),
    ];
    return { callers: callers.slice(0, 4) };
  },
};

const equalTokensIntrospected: Scenario = {
  name: "two equal tokens introspected",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme");
    const { connectionId } = aGrant();
    const areEqual = random.chance(0.6);
    const next = () =>
      areEqual
        ? aGrant({ connectionId })
        : aGrant({ connectionId, products: random.pick(productSets), entityIds: random.pick(entitySets) });
    const grants: [TokenGrant, ...TokenGrant[]] = [next(), next(), ...(random.chance(0.3) ? [next()] : [])];
    const entities = [...new Set(grants.flatMap(({ entityIds }) => entityIds))];
    await world.connect(acme, grants, {
      entities: entities.map((id) => ({ id, name: null, sourceId: null, status: null })),
    });
    const told: Told = [];
    const callers = [
      introspect(acme, connectionId, told),
      introspect(acme, connectionId, told),
      ...(random.chance(0.5) ? [callback(await world.reachCallback(acme, next()))] : []),
      ...(random.chance(0.3) ? [label(acme, connectionId)] : []),
    ];
    return { callers, check: () => [told.some((each) => each !== "introspected") && `they were told ${told}`] };
  },
};

const importAgainstExchange: Scenario = {
  name: "import against exchange of the same token",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    const globex = await world.createCustomer("globex");
    const grant = aGrant();
    const told: Told = [];
    const brought = await world.reachCallback(acme, grant, { requireAcceptance: random.chance(0.2) });
    // Known to whoever brings it before the code is sent, or only from then on.
    if (random.chance(0.7)) world.finch.know(grant);
    const callers = [
      callback(brought, told),
      bring(random.chance(0.7) ? acme : globex, grant, told),
      ...(random.chance(0.4) ? [bring(acme, grant, told)] : []),
      ...(random.chance(0.3) ? [callback(brought, told)] : []),
    ];
    return {
      callers,
      check: () => [told.every((each) => !/^(completed|failed|imported)/.test(each)) && `they were told ${told}`],
    };
  },
};

const manyTokensOfOne: Scenario = {
  name: "one connection, many tokens",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    const { connectionId } = aGrant();
    const told: Told = [];
    const callers: Caller[] = [];
    for (let at = 0; at < 2 + random.below(3); at += 1) {
      const grant = aGrant({ connectionId, products: [`product-${at}`], entityIds: random.pick(entitySets) });
      callers.push(callback(await world.reachCallback(acme, grant), told));
    }
    return {
      callers,
      check: () => [
        told.filter((each) => each === "completed connected").length !== 1 && `they were told ${told}`,
        told.filter((each) => each === "completed known").length !== callers.length - 1 && `they were told ${told}`,
      ],
    };
  },
};

const anything: Scenario = {
  name: "anything at once",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    const globex = await world.createCustomer("globex", random.pick(["single", "multiple"]));
    const first = aGrant();
    const { connectionId } = first;
    if (random.chance(0.7)) {
      const heldReason = random.pick<HeldReason | null>([null, null, "acceptance_required", "customer_mismatch"]);
      await world.connect(acme, [first], {
        heldReason,
        entities: [{ id: "entity-1", name: null, sourceId: null, status: null }],
      });
    }
    const make = async (): Promise<Caller> => {
      const who = random.pick([acme, acme, globex]);
      const grant = aGrant({
        connectionId,
        customerId: random.pick([null, null, acme, globex]),
        products: random.pick(productSets),
      });
      const changes = {
        requireAcceptance: random.chance(0.2),
        reauthenticates: random.chance(0.2) ? connectionId : null,
      };
      const brought = await world.reachCallback(who, grant, changes);
      return random.pick([
        callback(brought),
        callback(brought),
        discard(acme, connectionId),
        accept(acme, connectionId),
        inTurn(askToDisconnect(acme, connectionId), drive(acme, connectionId)),
        introspect(acme, connectionId),
        bring(who, first),
      ]);
    };
    const callers: Caller[] = [];
    for (let at = 0; at < 2 + random.below(3); at += 1) callers.push(await make());
    return { callers };
  },
};

export const scenariosOfConnections: readonly Scenario[] = [
  discardAgainstCallback,
  disconnectAgainstCallback,
  equalTokensIntrospected,
  importAgainstExchange,
  manyTokensOfOne,
  anything,
];
