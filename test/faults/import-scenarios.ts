/** Every way in which an import may go, as a world in which it is about to. */
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { type ImportConnectionDependencies, importConnection } from "#shared/connection/import-connection.ts";
import { secret } from "#shared/secret.ts";
import { aDisconnect, afterNoon, minute } from "../support/builders.ts";
import { createWorld, type World } from "../support/world.ts";
import type { Arranged, Scenario } from "./explore.ts";

/** How long the function of the API may live. */
const importLifeMs = 29_000;

interface Stage {
  readonly world: World;
  readonly acme: CustomerId;
  readonly globex: CustomerId;
}

const scenario = (
  name: string,
  setUp: (stage: Stage) => Promise<TokenGrant>,
  mode: "single" | "multiple" = "multiple",
): Scenario => ({
  name,
  async arrange(): Promise<Arranged> {
    const world = createWorld();
    const acme = await world.createCustomer("acme", mode);
    const globex = await world.createCustomer("globex");
    const { accessToken, connectionId } = await setUp({ world, acme, globex });
    world.advance(minute);
    const tokensBefore = world.memory.tokens.size;
    let told = "nothing";
    const bring = async (deps: ImportConnectionDependencies = world.importDeps) => {
      const result = await importConnection(deps)(acme, accessToken);
      // Whether it is new or known depends on whether an earlier try, of which nothing was heard, had its effect.
      told = result.ok ? "imported" : result.refusal.reason;
    };
    const stored = () => {
      const connection = world.memory.connections.get(`${acme}#${connectionId}`);
      const added = world.memory.tokens.size - tokensBefore;
      return `${added} more tokens, ${connection?.tokens.length ?? 0} of the connection`;
    };
    const storedAtFirst = stored();
    const verdict = () => `${told}: ${stored()}`;
    return {
      world,
      ports: world.importDeps,
      lifeMs: importLifeMs,
      run: bring,
      recover: {
        "the platform tries again": async () => {
          await bring();
          await world.pass(20);
        },
        "the platform tries again tomorrow": async () => {
          await world.pass(24 * 60);
          await bring();
          await world.pass(20);
        },
        "nobody tries again": () => world.pass(20),
      },
      verdict,
      // Whatever was told last: it is stored as a whole, or not at all.
      alsoRight: ({ recovery, expected }) =>
        recovery === "nobody tries again" && (stored() === storedAtFirst || expected.endsWith(stored()))
          ? [verdict()]
          : [],
    };
  },
});

export const importScenarios: readonly Scenario[] = [
  scenario("a new connection", async ({ world, acme }) => world.ownToken(acme)),
  scenario("the same token again", async ({ world, acme }) => {
    const token = world.ownToken(acme);
    await importConnection(world.importDeps)(acme, token.accessToken);
    return token;
  }),
  scenario("another token of its own connection", async ({ world, acme }) => {
    const { connectionId } = await world.connect(acme);
    return world.ownToken(acme, { connectionId, products: ["payment"] });
  }),
  scenario("held until now", async ({ world, acme, globex }) => {
    const { connectionId } = await world.connect(globex, { customerId: acme });
    return world.ownToken(acme, { connectionId });
  }),
  scenario("owned by another customer", async ({ world, acme, globex }) => {
    const { connectionId } = await world.connect(globex);
    return world.ownToken(acme, { connectionId });
  }),
  scenario("Finch names another customer", async ({ world, acme, globex }) =>
    world.ownToken(acme, { customerId: globex }),
  ),
  scenario("being ended", async ({ world, acme }) => {
    const connection = await world.connect(acme);
    const { connectionId } = connection;
    // Finch has not confirmed it so far, and is not asked again today.
    const disconnect = aDisconnect({ attempts: 9, nextAttemptAt: afterNoon(48 * 60 * minute) });
    await world.connections.replace({ ...connection, disconnect, version: 2 }, []);
    return world.ownToken(acme, { connectionId });
  }),
  scenario(
    "one too many for mode single",
    async ({ world, acme }) => {
      await world.connect(acme);
      return world.ownToken(acme);
    },
    "single",
  ),
  scenario("of another environment", async ({ world, acme }) => world.ownToken(acme, { clientType: "production" })),
  scenario("too long a token", async ({ world, acme }) =>
    world.ownToken(acme, { accessToken: secret("x".repeat(5_000)) }),
  ),
];
