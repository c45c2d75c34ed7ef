import { type CheckConnectionDependencies, lookAt, storeLook } from "./check-connection.ts";
import { nextCheckAfter, nextCheckWhenUndecided } from "./check-times.ts";
import { type Connection, isInTrouble } from "./connection.ts";
import { isNotAsked, type PlatformTrouble, type Undecided } from "./finch-port.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import { comesToNeedCustomer } from "./status-events.ts";

/** Connections to be tried by one function, and how often it may ask Finch about them. */
export interface Trial {
  readonly connections: readonly { readonly customerId: CustomerId; readonly connectionId: ConnectionId }[];
  readonly mostCalls: number;
}

/** Why a sweep does not go on: what Finch says is not about the connections. */
export type Standstill = "platform_trouble" | "rate_limited" | "budget_used_up";

/** What a trial has found. What it did not get to is in none of the numbers, and as due as before. */
export interface TrialReport {
  /** Connections that Finch said something of. */
  readonly looked: number;
  /** Connections that it said nothing of, or that could not be asked about. They are looked at again in half an hour. */
  readonly undecided: number;
  /** How often Finch was asked. */
  readonly calls: number;
  /** Connections that would turn into trouble. Nothing of that is stored. */
  readonly inTrouble: readonly {
    readonly customerId: CustomerId;
    readonly connectionId: ConnectionId;
    readonly madeAt: Date;
  }[];
  readonly standstill: Standstill | undefined;
}

/** Has some connections tried. @throws when it cannot be known what became of the trial. */
export type TryConnections = (trial: Trial) => Promise<TrialReport>;

export interface TryConnectionsDependencies extends CheckConnectionDependencies {
  /** Does what follows from a look that was stored. Safe to repeat; where it fails, the next look does it. */
  readonly afterLook: (connection: Connection) => Promise<unknown>;
  /** Is told what a connection's look threw. */
  readonly noteFailure: (error: unknown, connection: Trial["connections"][number]) => void;
}

const atOnce = 5;

/**
 * Creates the use case: looks at connections for the sweep. What Finch says of one is stored at once, unless it would turn
 * the connection into trouble: then it is only reported, so that the sweep can judge by all of them whether to believe it.
 * Ends early when Finch's answers are about the platform, when the calls are used up, and at the deadline.
 */
export const tryConnections =
  (deps: TryConnectionsDependencies) =>
  async ({ connections, mostCalls }: Trial, deadline: Date): Promise<TrialReport> => {
    const inTrouble: TrialReport["inTrouble"][number][] = [];
    const counts = { looked: 0, undecided: 0, calls: 0 };
    let reserved = 0;
    let standstill: Standstill | undefined;
    let isOver = false;

    const visit = async (connection: Connection): Promise<void> => {
      // The write is on the version that was read: a token that is missing since is noticed there.
      const look = await lookAt(deps, connection, true);
      counts.calls += look.calls;
      switch (look.kind) {
        case "seen":
          counts.looked += 1;
          if (look.isExpired || turnsIntoTrouble(connection, look.next)) {
            const { customerId, connectionId, createdAt: madeAt } = connection;
            inTrouble.push({ customerId, connectionId, madeAt });
          } else if (await storeLook(deps, look)) await deps.afterLook(look.next);
          return;
        case "undecided":
          // Not asked: it stays as due as it is, and so do the others.
          if (isNotAsked(look.answer)) {
            standstill ??= "budget_used_up";
            return;
          }
          counts.undecided += 1;
          standstill ??= standstillOf(look.answer);
          await deps.connections.postpone(connection, nextCheckWhenUndecided(connection, deps.now()));
          return;
        case "nothing":
        case "overtaken":
          await deps.connections.postpone(connection, nextCheckAfter(deps, connection, deps.now()));
      }
    };

    const goOn = async (named: Trial["connections"][number]): Promise<void> => {
      let connection: Connection | undefined;
      try {
        connection = await deps.connections.find(named.customerId, named.connectionId);
        // The list may be behind: gone, being disconnected, or looked at meanwhile.
        if (connection === undefined || connection.disconnect !== null || connection.nextCheckAt > deps.now()) return;
        if (reserved + connection.tokens.length > mostCalls) {
          isOver = true;
          return;
        }
        reserved += connection.tokens.length;
        await visit(connection);
      } catch (error) {
        counts.undecided += 1;
        deps.noteFailure(error, named);
        if (connection !== undefined) await putOff(deps, connection);
      }
    };

    const rest = [...connections];
    const work = async (): Promise<void> => {
      for (;;) {
        if (isOver || standstill !== undefined || deps.now() >= deadline) return;
        const next = rest.shift();
        if (next === undefined) return;
        await goOn(next);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { ...counts, inTrouble, standstill };
  };

/** One that fails whenever it is looked at must not stand before all others for ever. */
const putOff = async (deps: TryConnectionsDependencies, connection: Connection): Promise<void> => {
  try {
    await deps.connections.postpone(connection, nextCheckWhenUndecided(connection, deps.now()));
  } catch {
    // The table itself is out of reach: the connection stays as due as it is.
  }
};

const turnsIntoTrouble = (before: Connection, after: Connection): boolean =>
  comesToNeedCustomer(before, after) || (isInTrouble(after) && !isInTrouble(before));

const standstillOf = (answer: PlatformTrouble | Undecided): Standstill | undefined => {
  if (answer.kind === "platform_trouble") return "platform_trouble";
  return answer.reason === "rate_limited" ? "rate_limited" : undefined;
};
