/** What runs without anybody waiting for it: publisher, sweep, disconnect driver; and what the backend asks of a connection. */
import { type AnswerCheckRequestDependencies, answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import { discardConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { type CheckConnectionDependencies, checkConnection } from "#shared/connection/check-connection.ts";
import { type DriveDisconnectDependencies, driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { type PublishEventsDependencies, publishEvents } from "#shared/connection/publish-events.ts";
import { type SweepDueDependencies, sweepDue } from "#shared/connection/sweep-due.ts";
import type { WebhookStore } from "#shared/connection/webhook-ports.ts";
import { minute } from "../support/builders.ts";
import { createWorld, type World } from "../support/world.ts";
import type { Arranged, Scenario } from "./explore.ts";

const lifeMs = 5 * minute;

/** What the process is given, what it does, and who does it again. */
interface Job<Ports extends object> {
  readonly ports: Ports;
  readonly run: (ports: Ports) => Promise<unknown>;
  readonly again?: () => Promise<unknown>;
  readonly verdict: () => string;
}

/** A scenario in a world of its own. */
export const scenario = <Ports extends object>(
  name: string,
  setUp: (world: World) => Promise<Job<Ports>>,
): Scenario => ({
  name,
  async arrange(): Promise<Arranged> {
    const world = createWorld();
    const { ports, run, again, verdict } = await setUp(world);
    const untouched = verdict();
    const comesAgain = async () => {
      await again?.();
      await world.pass(60);
    };
    return {
      world,
      ports,
      lifeMs,
      run,
      recover: { "time passes": () => world.pass(60), ...(again && { "it is asked for again": comesAgain }) },
      verdict,
      // What nobody asks for again is done or not, and nothing in between.
      alsoRight: ({ recovery }) => (again !== undefined && recovery === "time passes" ? [untouched] : []),
    };
  },
});

/** What there is, in comparable words. */
export const countOf = ({ memory, bus }: World) =>
  `${memory.connections.size} connections, ${memory.tokens.size} tokens, ${memory.tombstones.size} tombstones, ${new Set(bus.map(({ eventId }) => eventId)).size} events`;

/**
 * A webhook from the queue, which brings it again until it was answered, about a connection that needs its customer.
 *
 * @param plant brings a mistake into the memory of webhooks.
 */
export const webhookScenario = (plant: (world: World) => Partial<WebhookStore> = () => ({})): Scenario =>
  scenario("a webhook that the queue brings again", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    await world.pass(10);
    const told = world.memory.written.length;
    const request = { customerId: undefined, connectionId, reason: "webhook", finchEventId: "msg_1" } as const;
    const { connections, webhooks } = world;
    const finch = { introspect: async () => ({ kind: "reauthenticate_user" }) as const };
    const afterLook = markPossibleDuplicates(world);
    const ports = { ...world.checkDeps, connections, finch, afterLook, webhooks: { ...webhooks, ...plant(world) } };
    const answer = (deps: AnswerCheckRequestDependencies) =>
      answerCheckRequest(deps)({ ...request, askedAt: world.now() });
    return {
      ports,
      run: answer,
      again: () => answer(ports),
      verdict: () => {
        const status = world.memory.connections.get(`${acme}#${connectionId}`)?.finchStatus;
        const types = world.memory.written.slice(told).map(({ type }) => type);
        return [status, world.memory.seenWebhooks.size, ...types].join(", ");
      },
    };
  });

export const backgroundScenarios: readonly Scenario[] = [
  webhookScenario(),

  scenario("the publisher, with events of a day ago", async (world) => {
    const acme = await world.createCustomer("acme");
    for (const _ of [1, 2, 3]) await world.connect(acme);
    world.advance(24 * 60 * minute);
    const { outbox, putOntoBus } = world.sweepDeps;
    const offered = [...world.memory.outbox.values()];
    return {
      ports: { outbox, putOntoBus },
      run: (ports: PublishEventsDependencies) => publishEvents(ports)(offered),
      verdict: () => countOf(world),
    };
  }),

  scenario("the sweep, with something of everything", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    await requestDisconnect(world)(acme, connectionId);
    const { callback } = await world.signIn(acme, {});
    await callback({ ...world.exchangeDeps, finch: { exchangeCode: async () => unanswered } });
    world.advance(9 * minute);
    return {
      ports: world.sweepDeps,
      run: (ports: SweepDueDependencies) => sweepDue(ports)(),
      verdict: () => [countOf(world), ...[...world.memory.sessions.values()].map(({ status }) => status)].join(", "),
    };
  }),

  scenario("the disconnect driver", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    await world.connect(acme, { connectionId, products: ["payment"] });
    await requestDisconnect(world)(acme, connectionId);
    return {
      ports: world.driveDeps,
      run: (ports: DriveDisconnectDependencies) => driveDisconnect(ports)(acme, connectionId),
      verdict: () => countOf(world),
    };
  }),

  scenario("an introspection that supersedes", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    for (const _ of [1, 2]) await world.connect(acme, { connectionId });
    await world.pass(10);
    const ports = world.checkDeps;
    const introspect = () => checkConnection(ports)(acme, connectionId);
    return {
      ports,
      run: (deps: CheckConnectionDependencies) => checkConnection(deps)(acme, connectionId),
      again: introspect,
      verdict: () => countOf(world),
    };
  }),

  scenario("a discard", async (world) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme, {}, { requireAcceptance: true });
    const ports = { ...world.driveDeps, connections: world.connections };
    const stored = () => world.memory.connections.size;
    return {
      ports,
      run: (deps: typeof ports) => discardConnection(deps)(acme, connectionId),
      again: () => discardConnection(ports)(acme, connectionId),
      // How many events there are depends on how long nobody has published any.
      verdict: () => `${stored()} connections, ${world.memory.tokens.size} tokens, ${world.memory.owners.size} owners`,
    };
  }),
];

const unanswered = { kind: "undecided", reason: "timeout" } as const;
