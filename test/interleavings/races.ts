/**
 * Callers that meet: each race is a world, what they do in it at once, and what must be true beside the rules. The file is
 * long because it is a list.
 */
import { acceptConnection, discardConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { introspectConnection } from "#shared/connection/introspect-connection.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { minute, newConnectionId } from "../support/builders.ts";
import type { World } from "../support/world.ts";
import type { Scheduler } from "./scheduler.ts";

/** A race that is about to begin. */
export interface Race {
  readonly callers: readonly (() => Promise<unknown>)[];
  /** What does not hold afterwards, beside the rules that always hold. */
  readonly complain?: () => readonly string[];
}

type SetUp = (world: World, share: Scheduler["share"]) => Promise<Race>;

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** A world with a turn-taking vault and stores, as all the functions of one deployment share them. */
const sharing = (world: World, share: Scheduler["share"]) => ({
  exchange: share(world.exchangeDeps),
  bring: share(world.importDeps),
  sweep: share(world.sweepDeps),
  drive: share(world.driveDeps),
  change: share({ ...world.driveDeps, connections: world.connections, finch: world.finch }),
});

const statuses = (world: World) => [...world.memory.sessions.values()].map(({ status }) => status).toSorted();
const expectStatuses =
  (world: World, ...allowed: readonly string[]) =>
  () => {
    const found = statuses(world).join(" ");
    return allowed.includes(found) ? [] : [`the sessions are ${found}`];
  };

export const races: Readonly<Record<string, SetUp>> = {
  "the same code, four times": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { callback } = await world.signIn(acme, {});
    const { exchange } = sharing(world, share);
    return { callers: times(4, () => () => callback(exchange)), complain: expectStatuses(world, "completed") };
  },

  "two customers, one connection": async (world, share) => {
    const connectionId = newConnectionId();
    const customers = [await world.createCustomer("acme"), await world.createCustomer("globex")];
    const signIns = await Promise.all(
      [0, 1, 0, 1].map((index) => world.signIn(customers[index] ?? fail(), { connectionId })),
    );
    const { exchange } = sharing(world, share);
    return {
      callers: signIns.map(
        ({ callback }) =>
          () =>
            callback(exchange),
      ),
      complain: expectStatuses(world, "completed completed failed failed"),
    };
  },

  "mode single, three connections": async (world, share) => {
    const acme = await world.createCustomer("acme", "single");
    const signIns = await Promise.all(times(3, () => world.signIn(acme, {})));
    const { exchange } = sharing(world, share);
    return {
      callers: signIns.map(
        ({ callback }) =>
          () =>
            callback(exchange),
      ),
      complain: expectStatuses(world, "completed failed failed"),
    };
  },

  "one connection, four tokens": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const connectionId = newConnectionId();
    const signIns = await Promise.all(
      times(4, (index) => world.signIn(acme, { connectionId, products: [`p${index}`] })),
    );
    const { exchange } = sharing(world, share);
    return {
      callers: signIns.map(
        ({ callback }) =>
          () =>
            callback(exchange),
      ),
      complain: () => (world.memory.tokens.size === 4 ? [] : [`${world.memory.tokens.size} of 4 tokens are stored`]),
    };
  },

  "cancel against callback": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { session, callback } = await world.signIn(acme, {});
    const { exchange } = sharing(world, share);
    const sessions = share(world.sessions);
    return {
      callers: [
        () => callback(exchange),
        () => sessions.cancel(session.sessionId, world.now()),
        () => callback(exchange),
      ],
      complain: expectStatuses(world, "completed", "cancelled"),
    };
  },

  "discard and accept against callback": async (world, share) => {
    const [acme, globex] = [await world.createCustomer("acme"), await world.createCustomer("globex")];
    const { connectionId } = await world.connect(globex, { customerId: acme });
    const { callback } = await world.signIn(acme, { connectionId, products: ["payment"] });
    const { exchange, change } = sharing(world, share);
    return {
      callers: [
        () => callback(exchange),
        () => discardConnection(change)(acme, connectionId),
        () => acceptConnection(change)(acme, connectionId),
      ],
    };
  },

  "accept against callback in mode single": async (world, share) => {
    const acme = await world.createCustomer("acme", "single");
    const held = [
      await world.connect(acme, {}, { requireAcceptance: true }),
      await world.connect(acme, {}, { requireAcceptance: true }),
    ];
    const { callback } = await world.signIn(acme, {});
    const { exchange, change } = sharing(world, share);
    return {
      callers: [
        () => callback(exchange),
        ...held.map(
          ({ connectionId }) =>
            () =>
              acceptConnection(change)(acme, connectionId),
        ),
      ],
    };
  },

  "two equal tokens, introspected at once": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    for (const _ of [1, 2]) await world.connect(acme, { connectionId });
    const { change } = sharing(world, share);
    return {
      callers: times(3, () => () => introspectConnection(change)(acme, connectionId)),
      complain: () => (world.memory.tokens.size === 1 ? [] : [`${world.memory.tokens.size} tokens are left`]),
    };
  },

  "introspection against callback and import": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    await world.connect(acme, { connectionId });
    const { callback } = await world.signIn(acme, { connectionId });
    const token = world.ownToken(acme, { connectionId });
    const { exchange, change, bring } = sharing(world, share);
    return {
      callers: [
        () => introspectConnection(change)(acme, connectionId),
        () => callback(exchange),
        () => importConnection(bring)(acme, token.accessToken),
        () => introspectConnection(change)(acme, connectionId),
      ],
    };
  },

  "the same token, imported and exchanged": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { session, callback } = await world.signIn(acme, undefined);
    const token = world.ownToken(acme);
    world.finch.willIssue("sign-in-1", { grant: token, forCustomer: acme, sessionId: session.sessionId });
    const { exchange, bring } = sharing(world, share);
    return {
      callers: [
        () => callback(exchange),
        () => importConnection(bring)(acme, token.accessToken),
        () => importConnection(bring)(acme, token.accessToken),
      ],
      complain: () => (world.memory.tokens.size === 1 ? [] : [`${world.memory.tokens.size} tokens are stored`]),
    };
  },

  "sweep against a callback that begins again": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { session, callback } = await world.signIn(acme, {});
    const silent = { ...world.exchangeDeps, finch: { exchangeCode: async () => unanswered } };
    await callback(silent);
    world.advance(9 * minute);
    const { exchange, sweep } = sharing(world, share);
    return {
      callers: [() => callback(exchange), sweepDue(sweep), sweepDue(sweep)],
      complain: () => {
        const stored = world.memory.sessions.get(session.sessionId);
        // Given up before it began again, it stays so: Finch was never asked.
        const isGivenUp = stored?.failureReason === "token_lost" && world.finch.issued().length === 0;
        return stored?.status === "completed" || isGivenUp ? [] : [`the session is ${stored?.status}`];
      },
    };
  },

  "disconnect against callback": async (world, share) => {
    const acme = await world.createCustomer("acme");
    const { connectionId } = await world.connect(acme);
    const { callback } = await world.signIn(acme, { connectionId });
    const { exchange, change, drive } = sharing(world, share);
    return {
      callers: [
        async () => {
          await requestDisconnect(change)(acme, connectionId);
          await driveDisconnect(drive)(acme, connectionId);
        },
        () => callback(exchange),
        () => driveDisconnect(drive)(acme, connectionId),
      ],
    };
  },
};

const unanswered = { kind: "undecided", reason: "timeout" } as const;
const fail = (): never => {
  throw new Error("no such customer");
};
