/** What a process does that is killed, what comes after it, and how it turns out. */
import { hashOf } from "#shared/connection/capability.ts";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import type { Snapshot } from "../interleavings/snapshot.ts";
import { broughtBack, cookie, type World } from "../interleavings/world.ts";
import { aGrant, minute } from "../support/builders.ts";
import type { Work } from "./killed-process.ts";

/** What comes after the kill. */
export const recoveries = ["it is tried again", "nobody tries again"] as const;
export type Recovery = (typeof recoveries)[number];

/** A way in which an exchange or an import may go. */
export interface Way {
  readonly name: string;
  readonly lostAnswers?: number;
  readonly prepare: (world: World) => Promise<Prepared>;
  /** How it may turn out as well, beside how it does when nobody is killed. */
  readonly alsoRight: Readonly<Record<Recovery, readonly string[]>>;
}

export interface Prepared {
  readonly work: Work;
  /** Whoever began it comes again, until nothing is left to wait for. */
  readonly tryAgain: () => Promise<unknown>;
  /** `completed connected`, `failed token_lost`, `imported` and the like. */
  readonly verdict: (settled: Snapshot) => string;
}

const entity = { id: "entity-1", name: null, sourceId: null, status: null };
const inPeace = async () => undefined;

const exchange = (world: World, brought: Awaited<ReturnType<World["reachCallback"]>>): Prepared => {
  const comeBack = () =>
    exchangeAuthorizationCode(world.dependenciesOf(inPeace))(
      broughtBack(brought),
      new Date(world.now().getTime() + 7 * minute),
    );
  return {
    work: { state: brought.state, code: brought.code, cookie },
    // At once, while the lease of the dead process holds; and when it is over.
    tryAgain: async () => {
      await comeBack();
      world.advance(8 * minute);
      await comeBack();
    },
    verdict: ({ sessions }) => {
      const session = sessions.find(({ sessionId }) => sessionId === brought.sessionId);
      return `${session?.status} ${session?.outcome ?? session?.failureReason}`;
    },
  };
};

/** As it would have been; or lost; or, where nothing had begun, as it was. */
const exchangeMayEnd = {
  "it is tried again": ["failed token_lost", "open null", "completed connected"],
  "nobody tries again": ["failed token_lost", "open null"],
};

const importing = async (world: World, grant = aGrant()): Promise<Prepared> => {
  const customerId = await world.createCustomer("acme");
  world.finch.knowElsewhere(grant);
  const { accessToken } = grant;
  return {
    work: { customerId, accessToken: accessToken.reveal() },
    tryAgain: () => importConnection(world.dependenciesOf(inPeace))(customerId, accessToken),
    verdict: ({ tokens }) =>
      tokens.some(({ record }) => record.fingerprint === hashOf(accessToken.reveal())) ? "imported" : "not imported",
  };
};

/** Whoever brings a token still has it, and may bring it again. */
const importMayEnd = { "it is tried again": [], "nobody tries again": ["not imported"] };

const ofGlobex = async (world: World) =>
  world.connect(await world.createCustomer("globex"), [aGrant()], { entities: [entity] });

export const ways: readonly Way[] = [
  {
    name: "a new connection",
    prepare: async (world) => exchange(world, await world.reachCallback(await world.createCustomer("acme"), aGrant())),
    alsoRight: exchangeMayEnd,
  },
  {
    name: "owned by another customer",
    prepare: async (world) => {
      const { connectionId } = await ofGlobex(world);
      const acme = await world.createCustomer("acme");
      return exchange(world, await world.reachCallback(acme, aGrant({ connectionId })));
    },
    alsoRight: exchangeMayEnd,
  },
  {
    name: "Finch's first answer is lost",
    lostAnswers: 1,
    prepare: async (world) => exchange(world, await world.reachCallback(await world.createCustomer("acme"), aGrant())),
    alsoRight: exchangeMayEnd,
  },
  {
    name: "a code that Finch does not know",
    prepare: async (world) => {
      const brought = await world.reachCallback(await world.createCustomer("acme"), aGrant());
      return exchange(world, { ...brought, code: "never-issued" });
    },
    alsoRight: exchangeMayEnd,
  },
  { name: "an import", prepare: (world) => importing(world), alsoRight: importMayEnd },
  {
    name: "an import of what another customer owns",
    prepare: async (world) => importing(world, aGrant({ connectionId: (await ofGlobex(world)).connectionId })),
    alsoRight: importMayEnd,
  },
];
