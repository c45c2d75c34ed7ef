/**
 * The auditor sees what it is there for: each of these bugs, planted behind a port, trips it. The file is long because
 * each bug is a few lines, and together they say what the auditor must know.
 */
import { describe, expect, it } from "vitest";
import type { Connection, TokenRecord } from "#shared/connection/connection.ts";
import type { CustomerId, TokenId } from "#shared/connection/identifiers.ts";
import type { Claim } from "#shared/connection/store-ports.ts";
import { newTokenId } from "../support/builders.ts";
import type { World } from "../support/world.ts";
import { exchangeScenarios } from "./exchange-scenarios.ts";
import { explore, type Scenario } from "./explore.ts";
import { importScenarios } from "./import-scenarios.ts";

/** A bug: what it does to a world, where it shows, and the sentence that it brings about. */
interface Bug {
  readonly scenario: string;
  readonly isImport?: boolean;
  readonly plant: (world: World) => void;
  readonly sentence: RegExp;
}

const connectionOf = (world: World): Connection => [...world.memory.connections.values()].at(-1) ?? expect.fail();
/** Puts another function in the place of one of a port's. */
const replace = <Port extends object>(port: Port, changes: Partial<Port>): void => void Object.assign(port, changes);
/** A claim that goes through with changes of its own. */
const claimWith = (world: World, change: (claim: Claim) => Claim): void => {
  const { claim } = world.connections;
  replace(world.connections, { claim: (asked) => claim(change(asked)) });
};

const bugs: Readonly<Record<string, Bug>> = {
  "a claim without the condition on the owner": {
    scenario: "owned by another customer",
    plant: (world) => {
      const { claim } = world.connections;
      replace(world.connections, {
        claim: (asked) => {
          world.memory.owners.delete(asked.connection.connectionId);
          return claim(asked);
        },
      });
    },
    sentence: /is another customer's as well/,
  },
  "a vault that keeps what nobody names": {
    scenario: "owned by another customer",
    plant: (world) => replace(world.vault, { destroy: async () => {} }),
    sentence: /is kept, and no item names it/,
  },
  "an answer that is lost, taken for a refusal": {
    scenario: "a new connection",
    plant: (world) => {
      const { claim } = world.connections;
      replace(world.connections, {
        claim: async (asked) => {
          const claimed = await claim(asked);
          return claimed.ok
            ? { ok: false, refusal: { reason: "customer_unknown", customerId: asked.connection.customerId } }
            : claimed;
        },
      });
    },
    sentence: /does not open for its customer and connection/,
  },
  "a claim without the condition on the token, which has another id each time": {
    scenario: "a new connection",
    plant: (world) => {
      const { claim } = world.connections;
      replace(world.connections, {
        claim: (asked) => {
          world.memory.owners.delete(asked.connection.connectionId);
          world.memory.connections.delete(`${asked.connection.customerId}#${asked.connection.connectionId}`);
          const record = { ...asked.token.record, tokenId: newTokenId() };
          const connection = { ...asked.connection, tokens: [record] };
          return claim({ ...asked, connection, token: { ...asked.token, record }, ending: undefined, events: [] });
        },
      });
    },
    sentence: /is stored twice/,
  },
  "a claim that forgets its events": {
    scenario: "a new connection",
    plant: (world) => claimWith(world, (claim) => ({ ...claim, events: [] })),
    sentence: /is there, and nobody was told/,
  },
  "a claim that does not name its token in the connection": {
    scenario: "a new connection",
    plant: (world) => claimWith(world, (claim) => ({ ...claim, connection: { ...claim.connection, tokens: [] } })),
    sentence: /has no token/,
  },
  "a claim that does not store its token": {
    scenario: "one more token of its own connection",
    plant: (world) => {
      const { claim } = world.connections;
      replace(world.connections, {
        claim: async (asked) => {
          const claimed = await claim(asked);
          const { customerId, connectionId, record } = asked.token;
          if (claimed.ok) world.memory.tokens.delete(`${customerId}#${connectionId}#${record.tokenId}`);
          return claimed;
        },
      });
    },
    sentence: /a token issued for .* is not stored: its session is completed/,
  },
  "a claim that does not count": {
    scenario: "a new connection",
    plant: (world) => claimWith(world, (claim) => ({ ...claim, takesIntoUse: false })),
    sentence: /counts 0 of 1 connections/,
  },
  "a claim that takes into use what is held for another": {
    scenario: "Finch names another customer",
    plant: (world) =>
      claimWith(world, (claim) => ({
        ...claim,
        takesIntoUse: true,
        connection: { ...claim.connection, heldReason: null },
      })),
    sentence: /is in use by a customer who did not sign in/,
  },
  "a claim under a customer whom nobody meant": {
    scenario: "a new connection",
    plant: (world) => {
      const other = [...world.memory.customers.keys()].at(-1) as CustomerId;
      const { seal } = world.vault;
      replace(world.vault, {
        seal: (token, { connectionId }, tokenId) => seal(token, { customerId: other, connectionId }, tokenId),
      });
      claimWith(world, (claim) => ({
        ...claim,
        incarnation: undefined,
        connection: { ...claim.connection, customerId: other },
        token: { ...claim.token, customerId: other },
      }));
    },
    sentence: /is under another customer than/,
  },
  "a claim that leaves its session as it is": {
    scenario: "a new connection",
    plant: (world) => claimWith(world, (claim) => ({ ...claim, ending: undefined })),
    sentence: /it failed as token_lost, and its token is stored/,
  },
  "a vault that seals for another connection": {
    scenario: "a new connection",
    plant: (world) => {
      const { seal } = world.vault;
      replace(world.vault, {
        seal: (token, { customerId }, tokenId) =>
          seal(token, { customerId, connectionId: "another" as Connection["connectionId"] }, tokenId),
      });
    },
    sentence: /does not open for its customer and connection/,
  },
  "a vault that seals another text": {
    scenario: "a new connection",
    plant: (world) => {
      const { seal } = world.vault;
      const reveal = () => "cut off";
      replace(world.vault, { seal: (_, context, tokenId: TokenId) => seal({ reveal }, context, tokenId) });
    },
    sentence: /has another token's fingerprint/,
  },
  "an end that says that it happened and did not": {
    scenario: "of another environment",
    plant: (world) => replace(world.sessions, { end: async () => true }),
    sentence: /its session is exchanging/,
  },
  "an end without its events": {
    scenario: "owned by another customer",
    plant: (world) => {
      const { end } = world.sessions;
      replace(world.sessions, { end: (session, ending) => end(session, { ...ending, events: [] }) });
    },
    sentence: /its session failed, and nobody was told/,
  },
  "a sweep that looks at nothing": {
    scenario: "a new connection",
    plant: (world) => replace(world.due, { exchanges: async () => [] }),
    sentence: /nobody has told of it for a quarter of an hour/,
  },
  "a publisher that takes from the outbox what the bus has not": {
    scenario: "a new connection",
    plant: (world) => {
      const { find } = world.outbox;
      replace(world.outbox, {
        find: async (eventId) => {
          const event = await find(eventId);
          await world.outbox.remove(eventId);
          return event && undefined;
        },
      });
    },
    sentence: /was never published/,
  },
  "a dropped token that is disconnected at Finch": {
    scenario: "owned by another customer",
    plant: (world) => {
      const { end } = world.sessions;
      replace(world.sessions, {
        end: async (session, ending) => {
          const token = world.finch.issued().at(-1) ?? expect.fail();
          await world.finch.disconnect(token.grant.accessToken);
          return end(session, ending);
        },
      });
    },
    sentence: /is in use, and was ended at Finch/,
  },
  "an import that is stored again under another fingerprint": {
    scenario: "the same token again",
    isImport: true,
    plant: (world) => {
      const { find, claim } = world.connections;
      const known = connectionOf(world);
      // Whoever looks does not know the token again, and what is written looks as if nobody had looked away.
      const forget = (token: TokenRecord): TokenRecord => ({ ...token, fingerprint: "forgotten" });
      const recall = (token: TokenRecord): TokenRecord =>
        known.tokens.find(({ tokenId }) => tokenId === token.tokenId) ?? token;
      replace(world.connections, {
        find: async (...of) => {
          const connection = await find(...of);
          return connection && { ...connection, tokens: connection.tokens.map(forget) };
        },
        claim: (made) =>
          claim({ ...made, connection: { ...made.connection, tokens: made.connection.tokens.map(recall) } }),
      });
    },
    sentence: /is stored twice/,
  },
};

const find = ({ scenario, isImport = false }: Bug): Scenario =>
  (isImport ? importScenarios : exchangeScenarios).find(({ name }) => name === scenario) ?? expect.fail(scenario);

describe("a planted bug is found", () => {
  it.each(Object.entries(bugs))("%s", async (name, bug) => {
    const planted: Scenario = {
      name,
      async arrange() {
        const arranged = await find(bug).arrange();
        bug.plant(arranged.world);
        return arranged;
      },
    };
    const { violations } = await explore(planted);
    expect(violations.filter((violation) => bug.sentence.test(violation))).not.toEqual([]);
  });
});
