/** Every way in which an exchange may go, as a world in which it is about to. */

import { requestDisconnect } from "#shared/connection/change-connection.ts";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { minute, newConnectionId } from "../support/builders.ts";
import { createWorld, exchangeLifeMs, type World } from "../support/world.ts";
import type { Arranged, Scenario } from "./explore.ts";

interface Stage {
  readonly world: World;
  readonly acme: CustomerId;
  readonly globex: CustomerId;
}

/** What Finch will grant, or nothing; and what is special about the session. */
interface Setup {
  readonly grant: Partial<TokenGrant> | undefined;
  readonly session?: Partial<ConnectSession>;
  /** What happens after the session was opened. */
  readonly meanwhile?: () => void;
  /** Other right ends: Perch cannot know better, or time has changed what is right. */
  readonly also?: readonly string[];
}

const scenario = (
  name: string,
  setUp: (stage: Stage) => Promise<Setup>,
  mode: "single" | "multiple" = "multiple",
): Scenario => ({
  name,
  async arrange(): Promise<Arranged> {
    const world = createWorld();
    const acme = await world.createCustomer("acme", mode);
    const globex = await world.createCustomer("globex");
    const { grant, session: changes, meanwhile, also = [] } = await setUp({ world, acme, globex });
    world.advance(minute);
    const { session, callback } = await world.signIn(acme, grant, changes);
    meanwhile?.();
    const beganAt = world.now().getTime();
    let isLate = false;
    const verdict = () => {
      if (isLate) return "undecided after 15 minutes";
      const { status, outcome, failureReason } = world.memory.sessions.get(session.sessionId) ?? session;
      return [status, outcome ?? failureReason ?? "undecided"].join(": ");
    };
    const hasIssued = () => world.finch.issued().some(({ sessionId }) => sessionId === session.sessionId);
    /** At once, while the function may still live, and as soon as it cannot. */
    const tryAgain = async () => {
      await callback();
      await world.sweep();
      const { exchange } = world.memory.sessions.get(session.sessionId) ?? session;
      if (exchange !== null && exchange.leaseUntil > world.now()) world.setNow(exchange.leaseUntil);
      await callback();
    };
    return {
      world,
      ports: world.exchangeDeps,
      lifeMs: exchangeLifeMs,
      run: callback,
      recover: {
        "the browser tries again": async () => {
          await tryAgain();
          await world.pass(20);
        },
        "nobody tries again": async () => {
          while (world.now().getTime() + 5 * minute <= beganAt + 15 * minute) await world.pass(5);
          isLate = world.memory.sessions.get(session.sessionId)?.status === "exchanging";
          await world.pass(30);
        },
        "the browser tries again after the sweep": async () => {
          await world.pass(15);
          await callback();
          await world.pass(20);
        },
      },
      verdict,
      alsoRight: ({ recovery, mayLoseToken }) => [
        ...also,
        ...(mayLoseToken ? ["failed: token_lost"] : []),
        // Nobody came back in time, and Finch was never asked.
        ...(recovery === "the browser tries again" || hasIssued() ? [] : ["open: undecided", "failed: token_lost"]),
      ],
    };
  },
});

export const exchangeScenarios: readonly Scenario[] = [
  scenario("a new connection", async () => ({ grant: { entityIds: ["e1", "e2"] } })),
  scenario("embedded", async () => ({ grant: {}, session: { mode: "embedded" } })),
  scenario("one more token of its own connection", async ({ world, acme }) => {
    const { connectionId } = await world.connect(acme);
    return { grant: { connectionId, products: ["payment"] } };
  }),
  scenario(
    "one more token of its own connection, and Finch names another customer",
    async ({ world, acme, globex }) => {
      const { connectionId } = await world.connect(acme);
      return { grant: { connectionId, customerId: globex } };
    },
  ),
  scenario("owned by another customer", async ({ world, globex }) => {
    const { connectionId } = await world.connect(globex);
    return { grant: { connectionId } };
  }),
  scenario("held by another customer", async ({ world, acme, globex }) => {
    const { connectionId } = await world.connect(acme, { customerId: globex });
    return { grant: { connectionId } };
  }),
  scenario("Finch names another customer", async ({ globex }) => ({ grant: { customerId: globex } })),
  scenario("Finch names a customer whom nobody knows", async () => ({ grant: { customerId: "nobody" } })),
  scenario(
    "one too many for mode single",
    async ({ world, acme }) => {
      await world.connect(acme);
      return { grant: {} };
    },
    "single",
  ),
  scenario("to be accepted first", async () => ({ grant: {}, session: { requireAcceptance: true } })),
  scenario("held until now", async ({ world, acme, globex }) => {
    const { connectionId } = await world.connect(globex, { customerId: acme });
    return { grant: { connectionId } };
  }),
  scenario("being ended", async ({ world, acme }) => {
    const { connectionId } = await world.connect(acme);
    await requestDisconnect(world)(acme, connectionId);
    // Finch has confirmed the end before the code was exchanged: it is a new connection then.
    return { grant: { connectionId }, also: ["completed: connected"] };
  }),
  scenario("signed in again", async ({ world, acme }) => {
    const { connectionId } = await world.connect(acme);
    return { grant: { connectionId }, session: { reauthenticates: connectionId } };
  }),
  scenario("signed in again, another of its connections", async ({ world, acme }) => {
    const [asked, other] = [await world.connect(acme), await world.connect(acme)];
    return { grant: { connectionId: other.connectionId }, session: { reauthenticates: asked.connectionId } };
  }),
  scenario("signed in again, one that nobody owns", async () => ({
    grant: {},
    session: { reauthenticates: newConnectionId() },
  })),
  scenario("of another environment", async () => ({ grant: { clientType: "production" } })),
  scenario("too long a token", async () => ({ grant: { accessToken: secret("x".repeat(5_000)) } })),
  scenario("a code that Finch does not know", async () => ({
    grant: undefined,
    // After an answer that decides nothing, a code that is used up may mean either.
    also: ["failed: token_lost"],
  })),
];
